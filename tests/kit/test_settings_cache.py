"""What follows from the settings is computed once, and again after one has changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings

from kit.settings_cache import cached_by_settings, change_setting


def test_a_result_is_remembered_until_a_setting_changes(settings: Any) -> None:
    asked = []

    @cached_by_settings
    def greeting(name: str) -> str:
        asked.append(name)
        return f"{name} at {django_settings.BASE_DOMAIN}"

    assert {greeting("Ada"), greeting("Ada")} == {f"Ada at {settings.BASE_DOMAIN}"}
    assert asked == ["Ada"]

    settings.BASE_DOMAIN = "market.example"

    assert greeting("Ada") == "Ada at market.example"
    assert asked == ["Ada", "Ada"]


def test_what_a_running_process_changes_is_seen(settings: Any) -> None:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:1"

    @cached_by_settings
    def address() -> str:
        return str(django_settings.PAYSTACK_BASE_URL)

    assert address() == "http://127.0.0.1:1"

    change_setting("PAYSTACK_BASE_URL", "http://127.0.0.1:2")

    assert address() == "http://127.0.0.1:2"
