"""The payment provider's sandbox that a market on one machine runs beside itself: its name, address, store and key."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

PROVIDER = "paystack"  # whose place it takes, and what its process is called
TITLE = "Paystack sandbox"
MODULE = "paystack_sandbox"
STORE = "paystack.sqlite3"
ADDRESS = "PAYSTACK_BASE_URL"
SECRET = "PAYSTACK_SECRET_KEY"  # noqa: S105 - a variable's name
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
SIGNATURE_HEADER = "x-paystack-signature"


def run(*, arguments: list[str]) -> int:
    """Become the sandbox; it shares nothing with the market, so it gets an interpreter of its own."""
    os.execv(sys.executable, [sys.executable, "-P", "-m", MODULE, *arguments])  # noqa: S606


def arguments(*, port: int, data_dir: Path, web_port: int, pictures: str = "") -> list[str]:
    """Return the sandbox's arguments: port, store, the address for events, and that of letters' pictures."""
    return [
        *("--port", str(port), "--store", str(data_dir / STORE)),
        *("--webhook-url", f"http://127.0.0.1:{web_port}/webhooks/{PROVIDER}/"),
        *("--approval-url", f"http://127.0.0.1:{web_port}/webhooks/{PROVIDER}/approval/"),
        *(("--mail", str(data_dir / "mail"), "--mail-pictures", pictures) if keeps_mail() else ()),
    ]


def mail_page(*, port: int) -> str:
    """Return the address of the page with the local market's mail."""
    return f"http://localhost:{port}/sandbox/mail/"


def keeps_mail() -> bool:
    """Return whether the market's letters are left as files, which the sandbox then shows."""
    return os.environ.get("EMAIL_BACKEND", FILE_BACKEND) == FILE_BACKEND


def new_secret() -> str:
    """Return a key that the market and the sandbox share."""
    return f"sk_test_{secrets.token_hex(20)}"


def is_wanted() -> bool:
    """Return whether to start a sandbox: not where the address of a provider is set."""
    return not os.environ.get(ADDRESS)


def address() -> str:
    """Return the sandbox's address for the market."""
    from django.conf import settings

    found: str = getattr(settings, ADDRESS)
    return found


def use(address: str) -> None:
    """Have this process find it at an address."""
    from kit.settings_cache import change_setting

    change_setting(ADDRESS, address)


def signed(signature: str) -> Mapping[str, str]:
    """Return the headers of an event of its, for one that is taken in without HTTP."""
    return {SIGNATURE_HEADER: signature}
