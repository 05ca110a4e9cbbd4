"""What people edit carries a version (docs/adr/0027): every PATCH, PUT and DELETE, and every page with a form.

Whatever does not stands here with its reason; an address that is new has to be decided on.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.isolation import table_platform, table_shop
from tests.isolation.doors import PLATFORM, SHOP, Door, patterns
from tests.world.described import description_of

DRAFT = "a draft is its applicant's alone, and closed once it is sent"
OPERATIONS_WITHOUT: Mapping[str, str] = {
    "PUT /api/v1/return-terms/": "days of a few values, which are all sent again",
    "PATCH /api/v1/notification-preferences/": "each choice is set by itself, and of two the later counts",
    "PATCH /api/v1/cart/items/{variant_id}/": "a basket is one person's, and an order of it is held to its own version",
    "PUT /api/v1/cart/items/": "a basket is one person's, and an order of it is held to its own version",
    "PATCH /api/v1/prices/{variant_id}/": "one value: a change names the one that it was made from",
    "PATCH /api/v1/stock/{variant_id}/": "sales move it every minute: a count names what it was made from",
    "PATCH /api/v1/applications/{application_id}/": DRAFT,
    "PUT /api/v1/applications/{application_id}/account/": DRAFT,
    "PUT /api/v1/products/{product_id}/waiting-room/": "a plan of three values, which are all sent",
    "DELETE /api/v1/applications/{application_id}/documents/{document_id}/": DRAFT,
    "DELETE /api/v1/cart/": "a basket is one person's",
    "DELETE /api/v1/cart/coupons/{code}/": "a basket is one person's",
    "DELETE /api/v1/cart/items/{variant_id}/": "a basket is one person's",
    "DELETE /api/v1/domains/{claim_id}/": "a domain is never changed, only added and removed",
    "DELETE /api/v1/invitations/{invitation_id}/": "an invitation is never changed, only sent and withdrawn",
    "DELETE /api/v1/members/me/": "it is one's own",
    "DELETE /api/v1/status/closure/": "a second time it is refused",
    "DELETE /api/v1/status/holiday/": "a second time it is refused",
    "DELETE /api/v1/products/{product_id}/waiting-room/": "ended a second time, nothing happens",
    "PATCH /api/v1/operator/orders/{number}/parts/{part}/shipments/{shipment_id}/": (
        "each field is set by itself, with a reason; shop and buyer are told of both changes"
    ),
    "PUT /api/v1/bank-account/": "it adds an account; the earlier one is kept, and every owner is told",
}
# Pages that take a form and change nothing that is there: they add, ask, decide once, or are told a secret.
ADDS = "it adds something"
ONCE = "what it does is refused a second time, or does nothing then"
SECRET = "it takes a secret, or a word that lets its reader in"
SHOWS = "it stores nothing; the form only says what to show"
PAGES_WITHOUT: Mapping[str, str] = {
    "notifications/preferences/": "a box that was not touched changes nothing",
    "notifications/unsubscribe/<str:token>/": ONCE,
    "dashboard/coupons/new/": ADDS,
    "dashboard/offers/new/": ADDS,
    "dashboard/offers/<uuid:offer_id>/delete/": ONCE,
    "operator/coupons/new/": ADDS,
    "operator/stations/new/": ADDS,
    "operator/commission/new/": ADDS,
    "operator/commission/plans/": ADDS,
    "orders/<str:number>/cancel/": "the amount that goes back is shown, and compared when it is confirmed",
    "dashboard/orders/<str:number>/cancel/": "likewise",
    "operator/orders/<str:number>/cancel/": "likewise",
    "dashboard/orders/<str:number>/refund/": "likewise",
    "orders/<str:number>/return/": ADDS,
    "orders/<str:number>/messages/<str:sub_order>/": ADDS,
    "dashboard/orders/<str:number>/messages/": ADDS,
    "operator/orders/<str:number>/parts/<str:part>/messages/": ADDS,
    "orders/<str:number>/returns/<uuid:return_id>/": "a move follows the table of moves, or is refused",
    "dashboard/returns/<uuid:return_id>/": "likewise",
    "operator/returns/<uuid:return_id>/": "likewise",
    "dashboard/settings/returns/": "days of a few values, which are all shown again",
    "operator/orders/<str:number>/parts/<str:part>/refund/": "likewise",
    "operator/coupons/<uuid:coupon_id>/delete/": ONCE,
    "dashboard/coupons/<uuid:coupon_id>/delete/": ONCE,
    "account/addresses/add/": ADDS,
    "cart/destination/": "a place of two or three values, which are all shown again",
    "account/data/delete/": ONCE,
    "account/password/change/": SECRET,
    "account/password/reset/": SECRET,
    "account/password/set/": SECRET,
    "account/reauthenticate/": SECRET,
    "account/sign-in/": SECRET,
    "account/sign-out/": ONCE,
    "account/sign-up/": ADDS,
    "account/hand-off/": SECRET,
    "products/<uuid:listing_id>/": SHOWS,
    "waiting-room/<uuid:listing_id>/": ONCE,
    "orders/<str:number>/address/": "the address before stays with the order, and the other side is told",
    "dashboard/orders/<str:number>/address/": "likewise",
    "operator/orders/<str:number>/address/": "likewise",
    "orders/find/": "it sends a letter",
    "orders/<str:number>/reorder/": "it sets the quantities of an earlier order, however often",
    "buy/<str:lines>/": "it sets the quantities that its address names, however often",
    "dashboard/products/<uuid:product_id>/waiting-room/": "a plan of three values, which are all shown again",
    table_platform.CONFIRM: SECRET,
    table_platform.FINISH: SECRET,
    table_platform.RESET: SECRET,
    "dashboard/orders/ship/": ONCE,
    "checkout/": "an order is held to the basket's version",
    "dashboard/products/import/": "its rows are compared with what they were read from when it is applied",
    "dashboard/products/<uuid:product_id>/delete/": ONCE,
    "dashboard/payouts/request/": "the amount that was seen is compared; one is made at a time",
    "dashboard/settings/bank-account/": "it adds an account; the earlier one is kept, and every owner is told",
    "dashboard/settings/delivery/new/": ADDS,
    "dashboard/settings/delivery/<uuid:zone_id>/remove/": ONCE,
    "dashboard/settings/delivery/<uuid:zone_id>/methods/<uuid:method_id>/remove/": ONCE,
    "dashboard/settings/domains/": ADDS,
    "dashboard/settings/domains/<uuid:claim_id>/remove/": ONCE,
    "dashboard/settings/export/": ADDS,
    "dashboard/settings/status/close/": ONCE,
    "dashboard/setup/preview/": ONCE,
    "dashboard/staff/leave/": ONCE,
    "dashboard/staff/<int:member_id>/remove/": ONCE,
    "operator/categories/": ADDS,
    "operator/people/forget/": ONCE,
    "operator/shops/<slug:slug>/domains/<uuid:claim_id>/remove/": ONCE,
    "operator/payout-runs/": "it sets aside what is available now; a second time there is nothing left of it",
    "operator/payout-runs/<uuid:run_id>/": ONCE,
    "operator/payouts/<uuid:payout_id>/by-hand/": "a payment by hand is recorded once, or refused",
    "dashboard/disputes/<uuid:dispute_id>/": ADDS,
    "operator/disputes/<uuid:dispute_id>/": "it adds evidence, or answers once, or is refused",
    "operator/disputes/<uuid:dispute_id>/accept/": "a dispute is answered once, or it is refused",
    "operator/checks/findings/<uuid:finding_id>/": "a note says who looks after it; the audit log keeps each",
    "operator/reconciliation/<uuid:difference_id>/": "a step fits an open difference, or is refused",
    "operator/payouts/<uuid:payout_id>/": "an act follows the payout's status, or is refused",
    "sell/apply/": ADDS,
    "sell/apply/<uuid:application_id>/shop/": DRAFT,
    "sell/apply/<uuid:application_id>/business/": DRAFT,
    "sell/apply/<uuid:application_id>/documents/": DRAFT,
    "sell/apply/<uuid:application_id>/account/": DRAFT,
    "sell/apply/<uuid:application_id>/review/": DRAFT,
}
TABLES: Mapping[str, Mapping[str, Door]] = {PLATFORM: table_platform.TABLE, SHOP: table_shop.TABLE}


def described(urlconf: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each operation that changes what is there, by method and address."""
    for path, by_method in description_of(urlconf)["paths"].items():
        for method in ("patch", "put", "delete"):
            if method in by_method:
                yield f"{method.upper()} {path}", by_method[method]


def takes_a_version(operation: Mapping[str, Any]) -> bool:
    headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
    return "If-Match" in headers and "412" in operation["responses"]


def unversioned(operations: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {name for name, operation in operations.items() if not takes_a_version(operation)}


@pytest.fixture(scope="module")
def operations() -> dict[str, Mapping[str, Any]]:
    return {name: operation for urlconf in TABLES for name, operation in described(urlconf)}


def test_every_change_and_deletion_takes_a_version_or_says_why_not(operations: dict[str, Any]) -> None:
    assert unversioned(operations) == set(OPERATIONS_WITHOUT), (
        "Take If-Match and describe 412 (docs/recipes/add-an-endpoint.md), or say in OPERATIONS_WITHOUT why not."
    )
    assert len(operations) > 10


def test_an_operation_without_a_version_is_found(operations: dict[str, Any]) -> None:
    """The control."""
    name = next(name for name, operation in operations.items() if takes_a_version(operation))
    without: list[dict[str, Any]] = [{"parameters": []}, {"responses": {"200": {}}}]
    for missing in without:
        assert name in unversioned(operations | {name: {**operations[name], **missing}})


def edit_pages() -> dict[str, Callable[..., Any]]:
    """Return the pages that show a form and take it, by their address."""
    return {
        route: pattern.callback
        for urlconf, table in TABLES.items()
        for route, pattern in patterns(urlconf).items()
        if route in table and {"GET", "POST"} <= set(table[route].methods) and not route.startswith("api/")
    }


def source_of(view: Callable[..., Any]) -> str:
    """Return the text of a view, and of the functions of its own module that it calls."""
    page = inspect.unwrap(getattr(view, "view_class", view))
    text = inspect.getsource(page)
    beside = vars(inspect.getmodule(page))
    called = [beside[name] for name in set(re.findall(r"\b(\w+)\(", text)) if inspect.isfunction(beside.get(name))]
    return text + "".join(
        inspect.getsource(inspect.unwrap(each)) for each in called if each.__module__ == page.__module__
    )


def compares(source: str) -> bool:
    return bool(re.search(r"\bsent_version\(request\)", source))


def test_every_page_that_edits_compares_a_version_or_says_why_not() -> None:
    found = edit_pages()
    without = {route for route, view in found.items() if not compares(source_of(view))}
    assert without == set(PAGES_WITHOUT), (
        "Compare the version that a form was shown with (docs/recipes/add-a-page.md), or say in PAGES_WITHOUT why not."
    )
    assert len(set(found) - without) >= 8


def test_a_page_that_compares_nothing_is_found() -> None:
    """The control."""
    page = source_of(edit_pages()["account/profile/"])
    assert compares(page)
    assert not compares(page.replace("sent_version(request)", "None"))
