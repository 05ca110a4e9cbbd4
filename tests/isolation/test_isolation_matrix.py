"""Each door, tried with each wrong key; the doors are read from the URL configurations."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from tenants.access import can
from tenants.models import Role
from tests.isolation import table_platform, table_shop
from tests.isolation.cells import NOBODY, SERVER_ERROR, cells_of
from tests.isolation.doors import (
    ADMIN,
    HOW_TO_CLASSIFY,
    METHODS,
    PLATFORM,
    SHOP,
    Door,
    Kind,
    doors,
    patterns,
    unclassified,
)
from tests.isolation.trying import Keys, address, body_of, faults_of, send
from tests.isolation.world import World
from tests.world.undoing import undone

TABLES = {PLATFORM: table_platform, SHOP: table_shop}
DOORS = [door for urlconf, table in TABLES.items() for door in doors(urlconf, table.TABLE)]
AT_LEAST = 5_000
PROVED = [door for door in DOORS if door.kind not in {Kind.KEYED, Kind.ADMIN}]
UNGUESSABLE = {"uuid", "str", "slug"}
TURNED_AWAY = {401, 403, 404, 405}


@pytest.mark.parametrize("urlconf", TABLES)
def test_every_address_is_classified(urlconf: str) -> None:
    table = TABLES[urlconf]
    missing = unclassified(urlconf, table.TABLE)
    routes = "\n".join(f"    {route}" for route in missing)
    file = table.__name__.rpartition(".")[2]
    assert not missing, HOW_TO_CLASSIFY.format(routes=routes, urlconf=urlconf, file=file)


@pytest.mark.parametrize("urlconf", TABLES)
def test_no_line_is_about_an_address_that_is_gone(urlconf: str) -> None:
    assert set(TABLES[urlconf].TABLE) - set(patterns(urlconf)) == set()


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_wrong_keys_open_nothing(door: Door, world: World, keys: Keys) -> None:
    assert faults_of(cells_of(door), world, keys) == []


@pytest.mark.parametrize("door", PROVED, ids=str)
def test_the_right_keys_open_it(door: Door, world: World, keys: Keys) -> None:
    """Otherwise a door that is not there at all would pass for a closed one."""
    for method in sorted(door.methods.keys() - door.unproved):
        for who in holders(door, method):
            with undone():
                answer = send(_client(door, who, world, keys), method, address(world, door) + door.query, door.body)
            assert answer.status_code not in TURNED_AWAY, (method, who)
            assert answer.status_code < SERVER_ERROR, (method, who)
            assert "/sign-in/" not in answer.headers.get("Location", "") or door.kind is Kind.PUBLIC, (method, who)


@pytest.mark.parametrize("door", [door for door in PROVED if not door.is_api], ids=str)
def test_a_page_answers_the_methods_of_its_line_alone(door: Door, world: World, keys: Keys) -> None:
    for method in sorted({"GET", "POST"} - door.methods.keys()):
        who = "owner" if door.kind is Kind.STAFF else holders(door, method)[0]
        with undone():
            answer = send(_client(door, who, world, keys), method, address(world, door), {})
        assert answer.status_code in TURNED_AWAY, (
            f"{door} answers {method} with {answer.status_code}: mark its view with `require_safe`, `require_POST` or "
            "`require_http_methods`, or name the method in its line."
        )


@pytest.mark.parametrize("urlconf", TABLES)
def test_what_nobody_may_see_is_really_there(urlconf: str, world: World, keys: Keys) -> None:
    """Otherwise its absence from the others' answers would say nothing."""
    shown: set[str] = set()
    for door in DOORS:
        if door.urlconf == urlconf and door.kind is not Kind.PUBLIC and door in PROVED and door.is_read:
            body = body_of(
                send(_client(door, holders(door, "GET")[0], world, keys), "GET", address(world, door) + door.query, {})
            )
            shown |= {name for name, secret in world.secrets.items() if secret in body}
    assert shown >= TABLES[urlconf].SHOWN


@pytest.mark.parametrize("door", [door for door in DOORS if door.kind is Kind.STAFF and door.is_api], ids=str)
def test_the_shop_s_api_says_the_same_as_the_table(door: Door) -> None:
    view = patterns(door.urlconf)[door.route].callback.view_class  # type: ignore[attr-defined]
    assert view.capabilities == door.methods, f"{view.__name__}.capabilities and the line of {door} differ."
    assert {method for method in METHODS if hasattr(view, method.lower())} == set(door.methods)


@pytest.mark.parametrize("door", [door for door in DOORS if door.parameters], ids=str)
def test_ids_are_unguessable_or_belong_to_somebody(door: Door) -> None:
    kinds = {kind for kind, _ in door.parameters}
    is_scoped = door.kind in {Kind.STAFF, Kind.OWNED, Kind.OPERATOR, Kind.ADMIN}
    assert is_scoped or kinds <= UNGUESSABLE, f"a running number that nobody owns: {door}"


def test_the_matrix_is_large(record_property: Callable[[str, object], None]) -> None:
    count = sum(len(cells_of(door)) for door in DOORS)
    record_property("cells", count)
    assert count >= AT_LEAST


def test_the_raw_admin_is_one_rule() -> None:
    admin = [door for door in DOORS if door.route.startswith(ADMIN) and door.kind is Kind.ADMIN]
    assert admin
    assert not [door for door in admin if door.urlconf == SHOP]


def holders(door: Door, method: str) -> list[str]:
    """Return the callers that may use a door: for reading, every role that may."""
    who = {Kind.OWN: "buyer", Kind.OWNED: door.holder, Kind.OPERATOR: "operator", Kind.PUBLIC: NOBODY}
    if door.kind is not Kind.STAFF:
        return [who[door.kind]]
    capability = door.methods[method]
    assert capability is not None, door
    return [role.value for role in Role if can(role, capability) and (method == "GET" or role is Role.OWNER)]


def _client(door: Door, who: str, world: World, keys: Keys) -> Client:
    host = f"{world.shop.slug}.{settings.BASE_DOMAIN}" if door.urlconf == SHOP else settings.BASE_DOMAIN
    return keys.client(who, host, is_api=door.is_api)
