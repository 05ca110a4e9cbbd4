"""What goes through all shops, and what shows some, with a few shops: as `bench shops` measures it with very many."""

from __future__ import annotations

from itertools import count

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import get_commands
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from accounts import towns
from tenants.life.trial_shops import provision_trial_shops, trial_slugs
from tenants.models import Shop
from tenants.shops import host_cache
from tests.bench.many.commands import ELSEWHERE, commands, rounds
from tests.bench.many.pages import Seen, all_visits, open_page
from tests.bench.many.trade import open_trade
from tests.isolation.doors import PARAMETER
from tests.world.clock import NOW

PREFIX = "town"
FEW, MORE = 4, 32  # more than a page of the console shows
# Nothing in the market fills them in: applications, imports, exports, claims, events, jobs.
UNFILLED = {
    *("application_id", "document_id", "import_id", "export_id", "claim_id", "event_id", "job_id", "refund_id"),
    *("coupon_id", "lines", "offer_id", "zone_id", "method_id", "station_id", "shipment_id", "variant_id"),
    *("return_id", "photo_id", "picture_id", "position", "part", "sub_order", "parcel"),
    *("year", "run_id", "payout_id", "month", "rule_id", "difference_id", "finding_id", "dispute_id", "evidence_id"),
}
OUR_APPS = {config.name for config in apps.get_app_configs() if "site-packages" not in config.path}
callers = count()


def grow(size: int) -> Shop:
    """Let there be so many shops that trade; returns the first."""
    slugs = trial_slugs(count=size, prefix=PREFIX)
    provision_trial_shops(slugs=slugs, currency="NGN", now=NOW)
    opened = list(Shop.objects.filter(slug__in=slugs).order_by("pk"))
    open_trade(opened, first=size - len(opened))
    return Shop.objects.get(slug=f"{PREFIX}-00001")


def visited(shop: Shop, *, before: dict[str, list[Seen]] | None = None) -> dict[str, list[Seen]]:
    """Read every page twice, the first time with nothing remembered.

    Args:
        before: an earlier result; pages that ask as little at once as they then did in the end are not read again.
    """
    found: dict[str, list[Seen]] = {}
    for visit in all_visits(shop=shop).visits:
        cache.clear()
        host_cache.clear_process()
        towns.clear_process()
        seen = found[visit.name] = [open_page(visit, number=next(callers))]
        earlier = (before or {}).get(visit.name)
        if earlier is None or seen[0].statements > min(each.statements for each in earlier):
            seen.append(open_page(visit, number=next(callers)))
    return found


@pytest.fixture
def few_shops(live_database: str) -> Shop:
    return grow(FEW)


def test_pages_ask_no_more_and_show_no_more_with_more_shops(few_shops: Shop) -> None:
    few = visited(few_shops)
    grow(MORE)
    more = visited(few_shops, before=few)
    assert few.keys() - more.keys() == set()
    asked = {name: most for name, seen in few.items() if (most := grew(seen, more[name]))}
    assert asked == {}


def grew(few: list[Seen], more: list[Seen]) -> str:
    """Return the growth of a page's statements, in the worst case and in the best."""
    worst = max(seen.statements for seen in more) > max(seen.statements for seen in few)
    best = min(seen.statements for seen in more) > min(seen.statements for seen in few)
    return f"{few} → {more}" if worst or best else ""


# Statements for each further shop, where a command looks into each; all others ask the same of any number of shops.
PER_SHOP = {
    "listings-verify": 9,
    "listings-rebuild": 11,
    "shops-status": 8,
    "round-shops-deletion": 1,  # of those deleted of late, whose files are looked for again
}


def test_commands_and_rounds_ask_no_more_with_more_shops(few_shops: Shop) -> None:
    few = asked_by_works(FEW, few_shops)
    grow(MORE)
    more = asked_by_works(MORE, few_shops)
    grown = {name: (few[name], more[name]) for name in few if more[name] > most_with_more(name, few[name])}
    assert grown == {}


def asked_by_works(size: int, shop: Shop) -> dict[str, int]:
    """Run every command and round; return how many statements each asked."""
    found: dict[str, int] = {}
    for work in [*commands(shops=size, prefix=PREFIX, some_shop=shop.slug), *rounds()]:
        reset_queries()
        with CaptureQueriesContext(connection) as captured:
            work.run()
        found[work.name] = len(captured.captured_queries)
    return found


def most_with_more(name: str, few: int) -> int:
    """Return the number of statements that a command may run with all shops, given those with few."""
    return few + PER_SHOP.get(name, 0) * (MORE - FEW)


def test_every_command_of_the_market_is_measured_or_said_to_be_elsewhere() -> None:
    ours = {name for name, app in get_commands().items() if app in OUR_APPS}
    measured = {work.command for work in commands(shops=1, prefix=PREFIX, some_shop="any")}
    assert measured | ELSEWHERE.keys() == ours


def test_every_round_of_the_schedule_is_measured() -> None:
    assert [work.name for work in rounds()] == [f"round-{name}" for name in settings.CELERY_BEAT_SCHEDULE]


def test_every_address_that_can_be_read_is_visited_or_needs_what_the_market_lacks(few_shops: Shop) -> None:
    needs = {name for route in all_visits(shop=few_shops).unfilled for _, name in PARAMETER.findall(route)}
    assert needs - {"slug", "number"} <= UNFILLED
