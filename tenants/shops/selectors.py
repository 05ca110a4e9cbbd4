"""Selectors of shops, hosts and members."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from accounts.selectors import private_fields
from kit.db.pipeline import Query, as_array, ask
from kit.db.sql import fetch_all
from kit.text.matching import identifier_matches, name_matches
from kit.text.parts import has_parts, parts_match
from tenants.errors import ShopNotFoundError
from tenants.models import Domain, Membership, MigrationFailure, Role, Shop, ShopStatus
from tenants.models.shops import SHOP_PARTS
from tenants.shops import currencies, schema_names


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """Facts about a shop for other apps.

    Args:
        commission_bps: its own rate, or the market's; see `has_own_commission`.
        commission_version: of the market's commission rules, where it was read with the facts.
    """

    id: int
    schema_name: str
    slug: str
    name: str
    status: str
    currency: str
    shipping_minor: int
    commission_bps: int
    logo: str
    returns_on: date | None
    primary_host: str | None
    terms_version: int = 0
    country: str = ""
    commission_version: int | None = None
    has_own_commission: bool = False

    @property
    def is_selling(self) -> bool:
        """Return whether buyers may order now."""
        return self.status == ShopStatus.LIVE

    @property
    def is_away(self) -> bool:
        """Return whether the shop is on holiday."""
        return self.status == ShopStatus.HOLIDAY

    @property
    def has_schema(self) -> bool:
        """Return whether there is something to read of its goods."""
        return self.status != ShopStatus.DELETED


COMPUTED = {"commission_version", "has_own_commission"}  # the last two of the fields
FACT_COLUMNS = tuple(field.name for field in fields(ShopFacts) if field.name not in COMPUTED)
COMMISSION = FACT_COLUMNS.index("commission_bps")
# The market's version comes in the same statement: a purchase reads it for nothing.
FACTS = f"""
SELECT {", ".join(FACT_COLUMNS)}, (SELECT commission_version FROM public.tenants_marketterms)
  FROM public.tenants_shop WHERE id = ANY($1) ORDER BY id
"""  # noqa: S608 - names of columns


@dataclass(frozen=True, slots=True)
class ShopOnShow:
    """A shop that buyers may look at, by what a search needs of it."""

    slug: str
    currency: str


ON_SHOW = """
SELECT id, slug, currency FROM public.tenants_shop
 WHERE (slug = ANY(%s) OR id = ANY(%s)) AND status IN ('live', 'holiday') ORDER BY id
"""


def get_shop(*, shop_id: int) -> Shop:
    """Return a shop.

    Raises:
        ShopNotFoundError: there is none with this id.
    """
    return _the_one(Q(pk=shop_id))


def get_shop_by_slug(slug: str) -> Shop:
    """Return a shop by its slug.

    Raises:
        ShopNotFoundError: there is none.
    """
    return _the_one(Q(slug=slug))


def lock_shop(*, shop_id: int) -> Shop:
    """Lock a shop's row against concurrent changes, and return it; needs an open transaction.

    Orders and projections refer to the shop's key, which stays, so they wait for nothing.

    Raises:
        ShopNotFoundError: there is none with this id.
    """
    shop = Shop.objects.select_for_update(no_key=True).filter(pk=shop_id).first()
    if shop is None:
        raise ShopNotFoundError
    return shop


def shop_facts(shop_ids: Collection[int]) -> dict[int, ShopFacts]:
    """Return the facts of shops by id, read fresh in one statement; unknown ids are left out."""
    return ask(facts_query(shop_ids))


def currencies_of(shop_ids: Collection[int]) -> dict[int, str]:
    """Return the currencies of shops by id, in no statement where the process has met them; unknown ids are left out.

    Code that writes by them compares them with the shops' facts.
    """
    if unread := [shop_id for shop_id in shop_ids if currencies.remembered(shop_id) is None]:
        shop_facts(unread)
    return {shop_id: found for shop_id in shop_ids if (found := currencies.remembered(shop_id)) is not None}


def facts_query(shop_ids: Collection[int]) -> Query[dict[int, ShopFacts]]:
    """Ask for the facts of shops; on every cart's and every order's way, where models would take most of the time."""
    return Query(FACTS, [as_array(shop_ids)], lambda rows: {row[0]: facts_from(row[:-1], row[-1] or 0) for row in rows})


def facts_from(row: Sequence[Any], commission_version: int | None = None) -> ShopFacts:
    """Return a shop's facts from its `FACT_COLUMNS`, and remember its currency and the name of its schema."""
    facts = _facts(row, commission_version)
    currencies.remember(facts.id, facts.currency)
    schema_names.remember(facts.id, facts.schema_name if facts.has_schema else None)
    return facts


def facts_of(shop: Shop) -> ShopFacts:
    """Return the facts of a shop; its commission is the platform's where it has none of its own."""
    return _facts([getattr(shop, name) for name in FACT_COLUMNS])


def _facts(row: Sequence[Any], commission_version: int | None = None) -> ShopFacts:
    values = [*row, commission_version, row[COMMISSION] is not None]
    if row[COMMISSION] is None:
        values[COMMISSION] = settings.DEFAULT_COMMISSION_BPS
    return ShopFacts(*values)


def shops_by_id(shop_ids: Collection[int]) -> dict[int, Shop]:
    """Return shops by id, in one statement; unknown ids are left out."""
    return Shop.objects.in_bulk(shop_ids) if shop_ids else {}


def shops_by_slug(slugs: Collection[str]) -> dict[str, Shop]:
    """Return shops by slug, in one statement; unknown ones are left out."""
    return Shop.objects.in_bulk(slugs, field_name="slug")


def shops_on_show(*, slugs: list[str], ids: list[int]) -> dict[int, ShopOnShow]:
    """Return the shops that buyers may look at, by id, of those named by slug or id; on every search's way."""
    rows = fetch_all(ON_SHOW, [slugs, ids]) if slugs else []
    return {shop_id: ShopOnShow(slug, currency) for shop_id, slug, currency in rows}


def names_on_show() -> list[tuple[int, str, str]]:
    """Return id, slug and name of every shop that buyers may look at."""
    shops = Shop.objects.filter(status__in=[ShopStatus.LIVE, ShopStatus.HOLIDAY])
    return list(shops.order_by("id").values_list("id", "slug", "name"))


def live_currencies() -> list[str]:
    """Return the currencies in which shops sell."""
    live = Shop.objects.filter(status=ShopStatus.LIVE)
    return list(live.order_by("currency").values_list("currency", flat=True).distinct())


def list_shops(*, search: str = "", status: str = "") -> QuerySet[Shop]:
    """Return shops, newest first, narrowed by parts of the name, slug, e-mail address or a domain, and by status."""
    shops = Shop.objects.order_by("-id")
    if has_parts(search):
        by_domain = Domain.objects.filter(parts_match(search, "domain")).values("tenant_id")
        shops = shops.filter(pk__in=Shop.objects.filter(parts_match(search, *SHOP_PARTS)).values("pk").union(by_domain))
    elif search:
        shops = shops.filter(name_matches(search, "name") | identifier_matches(search, "slug"))
    return shops.filter(status=status) if status else shops


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner of a shop, with the language of their letters."""

    shop_id: int
    user_id: int
    email: str
    language: str


def owners_of(*, shop_ids: Collection[int]) -> list[Owner]:
    """Return the owners of some shops, by shop and the longest-serving first, in one statement of the platform's."""
    found = Membership.objects.filter(shop_id__in=shop_ids, role=Role.OWNER).order_by("shop_id", "created_at", "pk")
    return [Owner(*row) for row in found.values_list("shop_id", "user_id", "user__email", "user__language")]


def owner_emails(*, shop_ids: Collection[int]) -> dict[int, str]:
    """Return the e-mail address of each shop's longest-serving owner; shops without one are left out."""
    owners = Membership.objects.filter(shop_id__in=shop_ids, role=Role.OWNER).order_by("-created_at", "-pk")
    return dict(owners.values_list("shop_id", "user__email"))


def list_migration_failures() -> QuerySet[MigrationFailure]:
    """Return the shops that could not be migrated, with the reasons, longest-standing first."""
    return MigrationFailure.objects.select_related("shop").order_by("failed_at", "pk")


def memberships_of(user: Model | AnonymousUser) -> list[Membership]:
    """Return a person's memberships with their shops, by the shop's name."""
    if user.pk is None:
        return []
    found = Membership.objects.filter(user_id=user.pk).select_related("shop")
    return list(found.order_by("shop__name", "pk"))


def members_of(*, shop_id: int) -> list[Membership]:
    """Return a shop's staff, longest-serving first."""
    staff = Membership.objects.filter(shop_id=shop_id).select_related("user").defer(*private_fields("user"))
    return list(staff.order_by("created_at", "pk"))


def membership_in(user: Model | AnonymousUser, shop: Shop) -> Membership | None:
    """Return a person's membership of a shop, with the shop as it is now, or None."""
    if user.pk is None:
        return None
    return Membership.objects.filter(user_id=user.pk, shop_id=shop.pk).select_related("shop").first()


def role_in(user: Model | AnonymousUser, shop: Shop) -> Role | None:
    """Return a person's role in a shop, or None."""
    if user.pk is None:
        return None
    role = Membership.objects.filter(user_id=user.pk, shop_id=shop.pk).values_list("role", flat=True).first()
    return Role(role) if role else None


def _the_one(condition: Q) -> Shop:
    shop = Shop.objects.filter(condition).first()
    if shop is None:
        raise ShopNotFoundError
    return shop
