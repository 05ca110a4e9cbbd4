"""Facts about each host's API that stand once in its description: title, servers, tags, headers, `errors`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from rest_framework.request import Request

from kit.api.schema import (
    allow_empty_parameters,
    close_bodies,
    describe_body_defaults,
    drop_empty_defaults,
    name_versions,
    operations_of,
    require_answered_fields,
)
from kit.web.hosts import platform_url

GUIDE = (
    "Bodies are JSON (`multipart/form-data` where a file travels). Every answer has `status`, `message` and `data`; a "
    "refusal has `code` for programs, `message` for people, and `errors` by field. Amounts are whole numbers of minor "
    "units beside a currency, and moments are in UTC. [The guide](/api/guide/) goes the whole way in curl; "
    "[a Postman collection](/api/postman/) has every operation."
)
THIS_HOST = "This host."
HEADERS = {
    "X-Request-ID": ("The id of the request, to quote when you write to us.", {"type": "string"}),
    "Retry-After": ("Seconds to wait before the next try.", {"type": "integer", "minimum": 0}),
    "WWW-Authenticate": ("The scheme to sign in by, and what is wrong with the token.", {"type": "string"}),
    "Location": ("The address of what was made.", {"type": "string", "format": "uri-reference"}),
    "Idempotent-Replayed": ("`true` where this answer was given to an earlier call.", {"type": "boolean"}),
    "ETag": ("The version of the answer, for `If-None-Match` or `If-Match`.", {"type": "string"}),
}
LIMIT_HEADERS = {
    "X-RateLimit-Limit": (
        "Requests that a caller, or a shop's members, may make in the window.",
        {"type": "integer"},
    ),
    "X-RateLimit-Remaining": ("Requests that are left of them.", {"type": "integer"}),
    "X-RateLimit-Reset": ("Seconds until the window ends.", {"type": "integer"}),
}
_BY_FIELD = {"$ref": "#/components/schemas/ErrorsByField"}
_FAULT = {"$ref": "#/components/schemas/FieldFault"}
ERRORS: Mapping[str, Any] = {
    "ErrorDetails": {
        "description": "What is wrong, by field or by line; null where `message` says it all.",
        "anyOf": [
            _BY_FIELD,
            {"type": "array", "items": _BY_FIELD},
            {"type": "array", "items": _FAULT, "minItems": 1},
            {"type": "null"},
        ],
    },
    "FieldFault": {
        "type": "object",
        "description": "One thing that is wrong with a field.",
        "required": ["code", "message"],
        "properties": {
            "code": {"type": "string", "description": "Stable, for programs, such as `required` or `max_length`."},
            "message": {"type": "string", "description": "For people."},
        },
        "additionalProperties": False,
    },
    "ErrorsByField": {
        "type": "object",
        "description": "Field → faults, the fields or lines within it, or a fact such as the number available.",
        "additionalProperties": {
            "anyOf": [
                {"type": "array", "items": {"anyOf": [_FAULT, {"type": "string"}, _BY_FIELD, {"type": "number"}]}},
                _BY_FIELD,
                {"type": "string"},
                {"type": "number"},
                {"type": "boolean"},
                {"type": "null"},
            ]
        },
    },
}


class HostDescription(NamedTuple):
    """Title, tags and headers of one host's API."""

    title: str
    description: str
    tags: Mapping[str, str]
    headers: Mapping[str, Any]


HOSTS = {
    "config.urls_platform": HostDescription(
        "Kasuwa Market API",
        "The market of all shops: find, buy and pay, as a guest or signed in; open a shop; operate the platform. ",
        {
            "Market": "Listings, categories and shops, for everybody.",
            "Cart": "One cart over all shops, at today's prices.",
            "Coupons": "Codes that take something off: those that are shown to everybody, and whether one counts.",
            "Checkout": "Placing an order of what the cart holds.",
            "Waiting rooms": "Places in the queue for a product that many people want at once.",
            "Orders": "Orders of a buyer: reading, paying, cancelling.",
            "Messages": "What buyer and shop write to each other about an order.",
            "Returns": "Sending delivered items back: asking, answering, following.",
            "People": "Accounts, sign-in, tokens, passwords and personal data.",
            "Addresses": "The address book of a signed-in person.",
            "Notifications": "Messages to a signed-in person.",
            "Opening a shop": "Applications to sell on the market.",
            "Working in shops": "Memberships and invitations of a signed-in person.",
            "Operators: applications": "Deciding on applications.",
            "Operators: categories": "The market's tree of categories.",
            "Operators: pick-up stations": "Places where the market hands parcels out.",
            "Operators: orders": "Orders, payments and refunds of all shops.",
            "Operators: messages": "What buyers and shops have written, and words of the market.",
            "Operators: returns": "Returns of all shops, and the decision where buyer and shop don't agree.",
            "Operators: commission": "Commission rules and plans, trials of rules, and the commission on any order.",
            "Operators: payouts": "Runs that pay shops out, and the payouts that need a person.",
            "Operators: checks": "Checks of sums and of waiting work, and what they have found.",
            "Operators: people": "People with an account.",
            "Operators: shops": "Shops of any status; their status and commission.",
            "Operators: search": "Orders, payments, shops, applications and people, by parts of what names them.",
            "Operators: audit log": "Actions of operators, with their reasons.",
        },
        {},
    ),
    "config.urls_shop": HostDescription(
        "Kasuwa Shop API",
        "One shop's own work, for its staff, on the shop's host: products, stock, orders, money and settings. ",
        {
            "Shop": "Profile, setup, delivery and bank account.",
            "Products": "Products, their variants and pictures.",
            "Stock": "Counting and adjusting stock.",
            "Import": "Prices and stock from a file.",
            "Orders": "The shop's parts of orders: packing, shipping, delivering.",
            "Messages": "What buyers and the shop write to each other about orders.",
            "Returns": "Items that buyers want to send back: deciding, receiving.",
            "Coupons": "Codes that take something off, paid by the shop.",
            "Offers": "Automatic offers of a shop, which need no code, paid by the shop.",
            "Delivery zones": "Where a shop delivers to, how, and what that costs.",
            "Disputes": "Payments that a buyer's bank takes back: evidence and results.",
            "Balance": "What the platform owes the shop, entry by entry.",
            "Staff": "Members and invitations.",
            "Activity": "What was done in the shop, and by whom.",
            "Domains": "Addresses of the shop's own.",
            "Status": "Holidays, closing and reopening.",
            "Export": "Archives of the shop.",
        },
        LIMIT_HEADERS,
    ),
}


def complete_description(
    result: dict[str, Any], generator: Any, request: Request | None = None, **_: Any
) -> dict[str, Any]:
    """Complete the description of one host by facts that no serializer and no view holds.

    Read on a host, it names that one first: calls that are tried from the page are sent there.
    """
    host = HOSTS[generator.urlconf]
    result["info"] |= {
        "title": host.title,
        "description": host.description + GUIDE,
        "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
        "contact": {"name": settings.PLATFORM_NAME, "email": settings.PLATFORM_EMAIL, "url": platform_url("/")},
    }
    result["servers"] = _servers(request, is_shop=bool(host.headers))
    result["tags"] = [{"name": name, "description": words} for name, words in host.tags.items()]
    components = result["components"]
    components["headers"] = {
        name: {"description": words, "schema": schema} for name, (words, schema) in {**HEADERS, **LIMIT_HEADERS}.items()
    }
    components["schemas"] |= ERRORS
    require_answered_fields(result)
    describe_body_defaults(result)
    drop_empty_defaults(result)
    close_bodies(result)
    allow_empty_parameters(result)
    name_versions(result)
    for operation in operations_of(result):
        for response in operation["responses"].values():
            own = response.setdefault("headers", {})
            own |= {name: {"$ref": f"#/components/headers/{name}"} for name in LIMIT_HEADERS}
    return result


def _servers(request: Request | None, *, is_shop: bool) -> list[dict[str, Any]]:
    general = _server(is_shop=is_shop)
    if request is None or (here := f"{request.scheme}://{request.get_host()}") == general["url"]:
        return [general]
    return [{"url": here, "description": THIS_HOST}, general]


def _server(*, is_shop: bool) -> dict[str, Any]:
    url = platform_url("/").rstrip("/")
    if not is_shop:
        return {"url": url, "description": "The market."}
    return {
        "url": url.replace("://", "://{shop}.", 1),
        "description": "A shop's host; its own domain serves the same.",
        "variables": {"shop": {"default": "indigo-fabrics", "description": "The shop's slug."}},
    }
