"""`manage.py check` tells of payment providers that can't be built, each with a hint, and calls no network."""

from __future__ import annotations

import socket
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from gateway.checks import check_providers
from tenants.applications.forms import currency_choices

PAYSTACK = "gateway.paystack.from_settings"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        pytest.fail("The check called the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_good_settings_are_left_alone(settings: Any) -> None:
    """The control; the key is a new one, so that the adapter is built anew."""
    settings.PAYSTACK_SECRET_KEY = "sk_test_checked"
    settings.PAYMENT_PROVIDERS = {"paystack": PAYSTACK, "paystack_ghana": PAYSTACK}

    assert check_providers() == []


@pytest.mark.parametrize(
    ("changes", "code", "says", "hint"),
    [
        ({"DEFAULT_PAYMENT_PROVIDER": "cowries"}, "E002", "'cowries'", "one of PAYMENT_PROVIDERS"),
        ({"PAYMENT_PROVIDERS": {"paystack": PAYSTACK, "Pay/More": PAYSTACK}}, "E001", "'Pay/More'", "2 to 20 of a-z"),
        (
            {"PAYMENT_PROVIDERS": {"paystack": PAYSTACK, "cowries": "gateway.cowries.from_settings"}},
            "E003",
            "gateway.cowries",
            "dotted path",
        ),
        ({"PAYMENT_PROVIDERS": {"paystack": PAYSTACK, "cowries": "gateway.paystack.from_setings"}}, "E003", "", "path"),
        ({"PAYMENT_PROVIDERS": {"paystack": PAYSTACK, "cowries": "cowries"}}, "E003", "cowries", "dotted path"),
        ({"PAYSTACK_BASE_URL": None}, "E004", "", "key and address"),
    ],
    ids=["unknown default", "bad name", "no such module", "no such factory", "no path", "no address"],
)
def test_broken_settings_are_told_with_a_hint(
    changes: dict[str, Any], code: str, says: str, hint: str, settings: Any
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    [error] = check_providers()

    assert error.id == f"gateway.{code}"
    assert says in error.msg
    assert hint in (error.hint or "")
    assert "docs/recipes/add-a-provider.md" in (error.hint or "")


def test_the_check_is_one_of_manage_py_check(settings: Any) -> None:
    settings.DEFAULT_PAYMENT_PROVIDER = "cowries"

    with pytest.raises(SystemCheckError, match=r"gateway\.E002"):
        call_command("check", "gateway", stdout=StringIO(), stderr=StringIO())


def test_currencies_of_shops_that_nobody_takes_are_named(settings: Any) -> None:
    settings.SHOP_CURRENCIES = ["NGN", "ETB", "RWF"]
    [warning] = check_providers()
    assert (warning.id, "ETB, RWF" in warning.msg, "NGN" in warning.msg) == ("gateway.W001", True, False)
    assert dict(currency_choices())["ETB"] == "Ethiopian birr (Br): buyers cannot pay in it here yet"
    assert dict(currency_choices())["NGN"] == "Nigerian naira (₦)"
