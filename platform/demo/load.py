"""Filling an empty market with demo data."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from catalogue.discovery.services.vocabulary import refresh_vocabulary
from demo.commission import load_commission
from demo.conversations import load_conversations
from demo.coupons import load_coupons
from demo.delivery import load_delivery
from demo.disputes import load_disputes
from demo.drawing import drawing
from demo.history import ProviderSandbox, load_history
from demo.messages import relay_by_hour
from demo.offers import load_offers
from demo.onboarding import load_onboarding
from demo.payouts import load_payouts
from demo.people import load_people
from demo.pictures import copy_to_bucket
from demo.releases import set_release_terms
from demo.shop_statuses import load_shop_statuses
from demo.shops import load_shops
from demo.story import DAYS
from payouts.watch.rounds import open_round, run_round


class DemoRefusedError(Exception):
    """Demo data was asked for where real people buy."""


def load_demo(*, provider_sandbox: ProviderSandbox, now: datetime, say: Callable[[str], None] = lambda _: None) -> None:
    """Fill an empty market with shops, about 150 products and orders in every state.

    Raises:
        DemoRefusedError: these are production settings.
    """
    if settings.ENVIRONMENT == "production":
        raise DemoRefusedError("Demo data has known passwords; production settings refuse it.")
    with drawing(settings.MEDIA_ROOT):
        say("Setting up the shops and drawing their goods ...")
        people = load_people()
        shops = load_shops(people, now=now)
        load_onboarding(people, shops, now=now)
        load_coupons(shops, now=now)
        load_commission(shops, now=now)
        set_release_terms(people, shops, now=now)
        say("Replaying two weeks of orders ...")
        load_history(people, shops, provider_sandbox=provider_sandbox, now=now)
        load_payouts(people, shops, provider_sandbox=provider_sandbox, now=now)
        load_disputes(shops, provider_sandbox=provider_sandbox, now=now)
        load_conversations(people, shops, now=now)
        load_shop_statuses(people, shops, now=now)
        load_offers(shops, now=now)
        load_delivery(shops, now=now)
        relay_by_hour(days=DAYS + 1, now=now)
        refresh_vocabulary()
        run_round(open_round(is_whole=True, actor_id=None, now=now), with_provider=False, now=now)
    if settings.MEDIA_BUCKET:
        copy_to_bucket(settings.MEDIA_ROOT)
