"""Letters about an account, handed to whoever sends e-mail."""

from datetime import datetime
from typing import Any, Protocol

from kit.ids import uuid7


class Mailer(Protocol):
    """Queues an e-mail rendered from `notifications/email/<template>.{subject.txt,txt,html}`."""

    def __call__(
        self, *, to: str, template: str, context: dict[str, Any], dedup_key: str, now: datetime, is_secret: bool
    ) -> None: ...


_mailers: list[Mailer] = []


def register_mailer(mailer: Mailer) -> None:
    """Register who sends; called once, from an app's `ready`."""
    _mailers[:] = [mailer]


def send_account_email(*, to: str, template: str, context: dict[str, Any], now: datetime, is_secret: bool) -> None:
    """Queue a letter; each call is a letter of its own.

    Args:
        is_secret: it holds a link that lets its reader in, so nobody else may ever see its text.
    """
    for mailer in _mailers:
        mailer(
            to=to, template=template, context=context, dedup_key=f"{template}:{uuid7()}", now=now, is_secret=is_secret
        )
