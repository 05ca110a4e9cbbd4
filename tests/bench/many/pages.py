"""Pages about some of very many shops: every readable address, and the lists with their filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from accounts.services.people import create_user
from catalogue.discovery.models import Category, Listing
from checkout.models import Payment, SubOrder
from payouts.models import Journal
from tenants.models import Membership, Shop
from tests.isolation.doors import PARAMETER, PLATFORM, SHOP, Kind, doors
from tests.isolation.table_platform import TABLE as ON_PLATFORM
from tests.isolation.table_shop import TABLE as ON_SHOP

ADMINISTRATOR = "administrator@bench.example"
KINDS = frozenset({Kind.PUBLIC, Kind.OWN, Kind.STAFF, Kind.OPERATOR})
# The same for every market, or not of it.
LEFT_OUT = (
    "api/schema/",
    "api/docs/",
    "api/redoc/",
    "api/postman/",
    "api/guide/",
    "health/",
    "account/sign-out/",
    "account/reauthenticate/",  # asks for a code
    "sell/",
    "^media/",
    "api/v1/banks/",  # the provider is asked
    "api/v1/bank-account/",  # there is none
    "api/v1/places/",  # it needs a country
)
NARROWED = {
    "operator/": ("?days=7",),
    "operator/shops/": ("?q={slug}", "?q=nothing-like-it", "?status=closed"),
    "operator/orders/": ("?q={number}", "?q=nobody@example.com", "?shop={slug}", "?status=refunded", "?days=1"),
    "operator/payments/": ("?q={reference}", "?status=mismatched"),
    "operator/refunds/": ("?status=failed",),
    "operator/inbox/": ("?status=failed", "?q={reference}"),
    "operator/ledger/journals/": ("?q={reference}", "?shop={slug}", "?account=commission", "?kind=refund", "?days=1"),
    "operator/bulk-jobs/": ("?shop={slug}", "?state=failed"),
    "operator/audit-log/": ("?q=nothing",),
    "search/": ("?q=indigo", "?q=nothinglikeit", "?q=indigo&sort=price", "?shop={slug}", "?category=bags"),
    "api/v1/listings/": ("?search=indigo", "?category=bags", "?in_stock=true"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """An address, and who reads it."""

    host: str
    path: str
    client: Client
    name: str


@dataclass(slots=True)
class Visits:
    """All visits of a market, and the addresses that nothing in it fills in."""

    visits: list[Visit] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seen:
    """Result of one page."""

    status: int
    statements: int
    size: int


def open_page(visit: Visit, *, number: int = 0) -> Seen:
    """Read an address; refuse what is an error.

    Args:
        number: of the caller, so that no one address asks for all pages.
    """
    headers = {"host": visit.host, "x-forwarded-for": f"10.7.{number // 250 % 250}.{number % 250 + 1}"}
    with CaptureQueriesContext(connection) as captured:
        answer = visit.client.get(visit.path, headers=headers)
    content = answer.getvalue()
    if answer.status_code >= 400:
        raise RuntimeError(f"{visit.path} answered {answer.status_code}: {content[:300]!r}")
    return Seen(answer.status_code, len(captured.captured_queries), len(content))


def all_visits(*, shop: Shop) -> Visits:
    """Return what can be visited in a market in which a shop has sold something."""
    owner = Membership.objects.filter(shop=shop).select_related("user").order_by("pk")[0].user
    shop_host, administrator = f"{shop.slug}.{settings.BASE_DOMAIN}", _administrator()
    callers = {
        Kind.PUBLIC: _Caller(settings.BASE_DOMAIN, None),
        Kind.OWN: _Caller(settings.BASE_DOMAIN, owner),
        Kind.STAFF: _Caller(shop_host, owner),
        Kind.OPERATOR: _Caller(settings.BASE_DOMAIN, administrator),
    }
    samples = _samples(shop)
    found = Visits()
    for urlconf, table, host in (
        (PLATFORM, ON_PLATFORM, settings.BASE_DOMAIN),
        (SHOP, ON_SHOP, shop_host),
    ):
        for door in doors(urlconf, table):
            if door.kind not in KINDS or not door.is_read or door.route.startswith(LEFT_OUT):
                continue
            path = _filled(door.route, samples[urlconf])
            if path is None:
                found.unfilled.append(str(door))
                continue
            for query in ("", *NARROWED.get(door.route if urlconf == PLATFORM else "", ())):
                asked = f"/{path}{query.format(**samples[PLATFORM])}"
                client = callers[door.kind].client(is_api=door.is_api)
                found.visits.append(Visit(host, asked, client, f"{door}{query}"))
    found.visits += _of_admin(callers[Kind.OPERATOR].client(is_api=False))
    return found


def _of_admin(client: Client) -> Iterator[Visit]:
    yield Visit(settings.BASE_DOMAIN, "/admin/", client, "admin:/")
    for model, shown in admin.site._registry.items():
        label = f"{model._meta.app_label}/{model._meta.model_name}"
        queries = ("", "?q=nothing-like-it") if shown.search_fields else ("",)
        for query in queries:
            yield Visit(settings.BASE_DOMAIN, f"/admin/{label}/{query}", client, f"admin:/{label}/{query}")
        first = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
        if first is not None:
            yield Visit(settings.BASE_DOMAIN, f"/admin/{label}/{first}/change/", client, f"admin:/{label}/<pk>/")


def _samples(shop: Shop) -> dict[str, dict[str, Any]]:
    part = SubOrder.objects.filter(shop=shop).select_related("order").order_by("pk")[0]
    payment = Payment.objects.get(order=part.order)
    listing = Listing.objects.filter(shop=shop).order_by("pk")[0]
    member = Membership.objects.filter(shop=shop).order_by("pk")[0]
    common = {"slug": shop.slug, "listing_id": listing.pk, "product_id": listing.pk}
    platform = {
        "number": part.order.number,
        "reference": payment.reference,
        "journal_id": Journal.objects.get(source=payment.reference).pk,
        "listing_slug": listing.slug,
        "person_id": member.user_id,
        "category_id": Category.objects.order_by("pk")[0].pk,
    }
    return {PLATFORM: common | platform, SHOP: common | {"number": part.number, "member_id": member.pk}}


def _filled(route: str, samples: Mapping[str, Any]) -> str | None:
    """Put samples into a route; None where there is none."""
    names = [name for _, name in PARAMETER.findall(route)]
    if not samples.keys() >= set(names):
        return None
    return PARAMETER.sub(lambda match: str(samples[match["name"]]), route)


def _administrator() -> User:
    found = User.objects.filter(email=ADMINISTRATOR).first()
    if found is None:
        create_user(email=ADMINISTRATOR, password="not-used", is_email_verified=True, is_operator=True)
        User.objects.filter(email=ADMINISTRATOR).update(is_staff=True, is_superuser=True)
        found = User.objects.get(email=ADMINISTRATOR)
    return found


class _Caller:
    """A signed-in browser at a host, and a program with a token of the same user."""

    def __init__(self, host: str, user: User | None) -> None:
        self._browser, self._program = Client(headers={"host": host}), Client()
        if user is not None:
            self._browser.force_login(user)
            self._program = Client(headers={"authorization": f"Bearer {AccessToken.for_user(user)}"})

    def client(self, *, is_api: bool) -> Client:
        """Return who reads pages, or who asks the API."""
        return self._program if is_api else self._browser
