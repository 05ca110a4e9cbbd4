"""A shop comes into being whole, or not at all."""

import pytest
from django.contrib.auth import get_user_model
from django.db import DataError, IntegrityError, connection, transaction
from django_tenants.utils import schema_context
from pytest_django import DjangoAssertNumQueries

from catalogue.models import Product
from kit.wiring import Follows
from tenants.database.connections import schema_connection
from tenants.errors import (
    AlreadyMemberError,
    InvalidSlugError,
    ReservedSlugError,
    SchemaLeftoverError,
    ShopNotFoundError,
    SlugTakenError,
)
from tenants.life import provisioning
from tenants.life.provisioning import ShopProvisioned
from tenants.models import Domain, Membership, Role, Shop, ShopStatus
from tenants.schemas.artefact import load_artefact
from tenants.shops import selectors
from tenants.shops.commission import change_commission
from tenants.shops.profile import update_profile
from tenants.staff.members import add_member
from tests.world.clock import NOW
from tests.world.shops import make_shop, schemas
from tests.world.wiring import wired

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner_id() -> int:
    user = get_user_model().objects.create_user(email="owner@example.com", password="long-enough-1")
    return int(user.pk)


def test_shop_has_row_schema_host_and_owner(owner_id: int) -> None:
    shop = provisioning.provision_shop(
        slug="indigo-fabrics", name="Indigo", owner_id=owner_id, now=NOW, currency="NGN", city="Kano"
    )
    found = selectors.get_shop_by_slug("indigo-fabrics")
    assert (found.pk, found.schema_name, found.city) == (shop.pk, "shop_indigo_fabrics", "Kano")
    assert (found.status, found.schema_version) == (ShopStatus.DRAFT, load_artefact().version)
    assert Domain.objects.get(tenant=shop).domain == "indigo-fabrics.kasuwa.localhost"
    assert Membership.objects.get(shop=shop).role == Role.OWNER
    with schema_context(shop.schema_name):
        assert Product.objects.count() == 0
    assert schema_connection().schema_name == "public"


def test_it_may_be_asked_for_from_within_another_shop() -> None:
    first = make_shop("first-shop")
    with schema_context(first.schema_name):
        second = make_shop("second-shop")
        assert schema_connection().schema_name == first.schema_name
    assert {first.schema_name, second.schema_name} <= schemas()


def test_followers_run_within_the_same_transaction() -> None:
    told: list[tuple[str, str, bool]] = []

    def follow(made: ShopProvisioned) -> None:
        told.append((made.shop.slug, schema_connection().schema_name, connection.in_atomic_block))

    with wired(follows=[Follows(ShopProvisioned, follow)]):
        make_shop("indigo")
    assert told == [("indigo", "public", True)]


def test_failing_follower_leaves_nothing(owner_id: int) -> None:
    def fail(made: ShopProvisioned) -> None:
        raise RuntimeError

    before = schemas()
    with wired(follows=[Follows(ShopProvisioned, fail)]), pytest.raises(RuntimeError), transaction.atomic():
        make_shop("indigo", owner_id=owner_id)
    _assert_nothing_was_made(before)


def _assert_nothing_was_made(before: set[str]) -> None:
    assert not Shop.objects.exists()
    assert not Domain.objects.exists()
    assert not Membership.objects.exists()
    assert schemas() == before
    assert schema_connection().schema_name == "public"


@pytest.mark.parametrize(
    ("slug", "error"),
    [("www", ReservedSlugError), ("x" * 51, InvalidSlugError), ("In_digo", InvalidSlugError), ("", InvalidSlugError)],
)
def test_bad_slug_is_refused(slug: str, error: type[Exception]) -> None:
    before = schemas()
    with pytest.raises(error):
        make_shop(slug)
    _assert_nothing_was_made(before)


def test_taken_slug_is_refused_and_the_first_shop_stays() -> None:
    first = make_shop("indigo", name="First")
    with pytest.raises(SlugTakenError):
        make_shop("indigo", name="Second")
    assert [shop.name for shop in Shop.objects.all()] == ["First"]
    assert first.schema_name in schemas()


def test_schema_left_over_is_not_adopted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA shop_indigo")
    before = schemas()
    with pytest.raises(SchemaLeftoverError):
        make_shop("indigo")
    _assert_nothing_was_made(before)


def test_provisioning_takes_few_statements_of_its_own(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(len(load_artefact().statements) + 24):
        make_shop("indigo")


@pytest.mark.parametrize(
    "changes",
    [
        {"schema_name": "public"},
        {"schema_name": "shop_a; drop"},
        {"slug": "Not A Label"},
        {"shipping_minor": -1},
        {"commission_bps": 10_001},
    ],
)
def test_database_refuses_impossible_shops(changes: dict[str, object]) -> None:
    shop = make_shop("indigo")
    with pytest.raises(IntegrityError), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(**changes)
    assert (
        Shop.objects.values().get() == Shop.objects.filter(pk=shop.pk, slug="indigo", shipping_minor=0).values().get()
    )


@pytest.mark.parametrize("domain", ["Upper.example", "dot.example.", "port.example:80", "sp ace", ""])
def test_database_refuses_hosts_that_no_request_could_name(domain: str) -> None:
    shop = make_shop("indigo")
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.bulk_create([Domain(tenant=shop, domain=domain, is_primary=False)])
    assert Domain.objects.count() == 1


def test_database_allows_one_primary_host_each() -> None:
    shop = make_shop("indigo")
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.bulk_create([Domain(tenant=shop, domain="b.example", is_primary=True)])
    assert Domain.objects.count() == 1


def test_person_joins_a_shop_once(owner_id: int) -> None:
    shop = make_shop("indigo")
    add_member(shop_id=shop.pk, user_id=owner_id, role=Role.VIEWER, now=NOW)
    with pytest.raises(AlreadyMemberError):
        add_member(shop_id=shop.pk, user_id=owner_id, role=Role.OWNER, now=NOW)
    user = get_user_model().objects.get(pk=owner_id)
    assert selectors.role_in(user, shop) is Role.VIEWER
    assert [(m.shop.slug, m.role) for m in selectors.memberships_of(user)] == [("indigo", Role.VIEWER)]
    assert [m.user_id for m in selectors.members_of(shop_id=shop.pk)] == [owner_id]
    assert selectors.role_in(user, make_shop("copper")) is None


def test_facts_resolve_the_commission(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    indigo, copper = make_shop("indigo", shipping_minor=150_000), make_shop("copper", status=ShopStatus.HOLIDAY)
    change_commission(shop_id=copper.pk, commission_bps=0, actor_id=None, now=NOW)
    with django_assert_num_queries(1):
        facts = selectors.shop_facts([indigo.pk, copper.pk, 0])
    assert set(facts) == {indigo.pk, copper.pk}
    assert (facts[indigo.pk].commission_bps, facts[copper.pk].commission_bps) == (800, 0)
    assert (facts[indigo.pk].is_selling, facts[copper.pk].is_selling) == (True, False)
    assert facts[indigo.pk].shipping_minor == 150_000


def test_profile_changes_and_nothing_beyond_it() -> None:
    shop = make_shop("indigo")
    assert update_profile(shop_id=shop.pk, actor_id=None, now=NOW, tagline="Hand-dyed").tagline == "Hand-dyed"
    with pytest.raises(ValueError, match="schema_name"):
        update_profile(shop_id=shop.pk, actor_id=None, now=NOW, schema_name="shop_other")
    with pytest.raises(ShopNotFoundError):
        update_profile(shop_id=0, actor_id=None, now=NOW, tagline="x")
    with pytest.raises(ShopNotFoundError):
        selectors.get_shop(shop_id=0)


@pytest.mark.parametrize("currency", ["", "ngn", "NGNX", "₦"])
def test_a_shop_has_a_currency_that_was_said(currency: str) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        make_shop("nameless-money", currency=currency)
    assert not Shop.objects.filter(slug="nameless-money").exists()
    assert "shop_nameless_money" not in schemas()
    with pytest.raises(TypeError, match="currency"):
        provisioning.provision_shop(slug="a-shop", name="A", owner_id=None, now=NOW)  # type: ignore[call-arg]
