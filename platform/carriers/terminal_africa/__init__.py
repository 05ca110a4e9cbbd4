"""Terminal Africa (TShip), which tells the rates of carriers in Nigeria and around it, behind the port."""

from functools import cache

from django.conf import settings

from carriers.terminal_africa.adapter import TerminalAfrica


def from_settings() -> TerminalAfrica:
    """Return the adapter for the key and the address in the settings; the same one for the same settings.

    Raises:
        ValueError: there is no key.
    """
    return _build(
        settings.TERMINAL_AFRICA_SECRET_KEY,
        settings.TERMINAL_AFRICA_BASE_URL,
        settings.TERMINAL_AFRICA_TIMEOUT_SECONDS,
    )


@cache
def _build(secret_key: str, base_url: str, timeout: float) -> TerminalAfrica:
    return TerminalAfrica(secret_key=secret_key, base_url=base_url, timeout=timeout)
