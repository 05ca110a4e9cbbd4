"""Providers are found by the names in the settings, and references can be neither guessed nor too long."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from gateway import get_provider, provider_for
from gateway.bank_accounts import list_banks
from gateway.facts import Capabilities, ChargeLimits
from gateway.port import Bank
from gateway.references import LEAST_RANDOM_BITS, ReferenceRule
from gateway.registry import (
    UnknownProviderError,
    is_taken,
    load_providers,
    provider_label,
    provider_names,
    transfer_provider_for,
)
from gateway.transfers import TransferRules
from tenants.errors import ReservedSlugError
from tenants.shops.slugs import check_slug

PAYSTACK = "gateway.paystack.from_settings"


def test_providers_are_those_of_the_settings(settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = {"paystack": PAYSTACK, "paystack_ghana": PAYSTACK}
    settings.DEFAULT_PAYMENT_PROVIDER = "paystack_ghana"

    assert provider_names() == ("paystack", "paystack_ghana")
    assert provider_for(currency="NGN") == "paystack_ghana"
    load_providers()
    with pytest.raises(UnknownProviderError):
        get_provider("cowries")


def takes_birr() -> Any:
    """Stand for a provider that takes another currency."""
    return SimpleNamespace(label="Birr", limits=ChargeLimits(smallest_minor={"ETB": 1_00, "NGN": 1_00}))


def test_a_currency_is_charged_by_a_provider_that_takes_it(settings: Any) -> None:
    assert (is_taken("NGN"), is_taken("ETB"), is_taken("")) == (True, False, False)
    assert provider_for(currency="ETB") == "paystack"
    settings.PAYMENT_PROVIDERS = {"birr": "tests.gateway.test_registry.takes_birr", "paystack": PAYSTACK}
    assert (is_taken("ETB"), is_taken("RWF")) == (True, False)
    asked = {currency: provider_for(currency=currency) for currency in ("NGN", "GHS", "ETB", "RWF")}
    assert asked == {"NGN": "paystack", "GHS": "paystack", "ETB": "birr", "RWF": "paystack"}


def charges_alone() -> Any:
    """Stand for a provider that takes charges and sends no transfers."""
    limits = ChargeLimits(smallest_minor={"NGN": 1_00, "ETB": 1_00})
    return SimpleNamespace(label="Till", limits=limits, capabilities=Capabilities(), transfers=None)


def sends_alone() -> Any:
    """Stand for a provider that sends transfers and takes no charges."""
    rules = TransferRules(ReferenceRule(), frozenset({"NGN", "ETB"}), most_at_once=10, pause_seconds=0)
    return SimpleNamespace(
        label="Wire",
        limits=ChargeLimits(smallest_minor={}),
        capabilities=Capabilities(transfers=True, resolves_accounts=True),
        transfers=rules,
        banks=lambda *, currency: [Bank("Bank of the wire", "W1", currency, "")],
    )


def test_transfers_are_sent_by_a_provider_that_sends_them(settings: Any) -> None:
    """Whoever takes the charges: the default first, else another."""
    here = "tests.gateway.test_registry."
    settings.PAYMENT_PROVIDERS = {"till": f"{here}charges_alone", "wire": f"{here}sends_alone"}
    settings.DEFAULT_PAYMENT_PROVIDER = "till"
    assert [provider_for(currency=each) for each in ("NGN", "ETB", "GHS")] == ["till", "till", "till"]
    assert [transfer_provider_for(currency=each) for each in ("NGN", "ETB", "GHS")] == ["wire", "wire", None]
    assert [bank.code for bank in list_banks(currency="ETB")] == ["W1"], "its codes are those that its transfers need"

    settings.PAYMENT_PROVIDERS = {"a_wire": f"{here}sends_alone", "paystack": PAYSTACK}
    settings.DEFAULT_PAYMENT_PROVIDER = "paystack"
    assert [transfer_provider_for(currency=each) for each in ("NGN", "ETB", "USD")] == ["paystack", "a_wire", None]


@pytest.mark.parametrize("name", ["", "P", "Pebble", "9pay", "pay-more", "clearing:x", "a" * 21, "pay/more"])
def test_a_name_that_fits_no_address_and_no_account_is_refused(name: str, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = {"paystack": PAYSTACK, name: PAYSTACK}

    with pytest.raises(ImproperlyConfigured):
        load_providers()


def test_the_default_is_one_of_them(settings: Any) -> None:
    settings.DEFAULT_PAYMENT_PROVIDER = "cowries"

    with pytest.raises(ImproperlyConfigured, match="cowries"):
        provider_names()


def test_a_provider_that_has_left_the_settings_still_has_a_name() -> None:
    assert provider_label("paystack") == "Paystack"
    assert provider_label("old_pebble") == "Old Pebble"


def test_no_shop_takes_a_providers_name(settings: Any) -> None:
    check_slug("pebble")
    settings.PAYMENT_PROVIDERS = {"paystack": PAYSTACK, "pebble": PAYSTACK}
    for name in ("paystack", "pebble"):
        with pytest.raises(ReservedSlugError):
            check_slug(name)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"length": 19}, "random bits"),
        ({"length": 48}, "at most 50"),
        ({"alphabet": "0123456789"}, "2, 4, 8"),
        ({"alphabet": "00112233"}, "2, 4, 8"),
        ({"alphabet": "a"}, "2, 4, 8"),
        ({"prefix": "ks/"}, "ASCII"),
        ({"prefix": "ké-"}, "ASCII"),
        ({"alphabet": "0123456789abcde?"}, "ASCII"),
    ],
)
def test_references_that_could_be_guessed_or_would_not_fit_are_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        ReferenceRule(**changes)
    assert LEAST_RANDOM_BITS <= 100


def test_every_character_of_the_alphabet_is_drawn() -> None:
    rule = ReferenceRule(prefix="X", alphabet="BCDFGHJKMNPQRSTV", length=40)
    drawn = "".join(rule.new() for _ in range(200))

    assert set(drawn) == set("X" + rule.alphabet)
