"""Letters about an account, passed to the app that sends e-mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kit.ids import uuid7
from kit.wiring import Contribution, contributions


class Mailer(Protocol):
    """Queues an e-mail rendered from `notifications/email/<template>.{subject.txt,txt,html}`."""

    def __call__(
        self, *, to: str, template: str, context: dict[str, Any], dedup_key: str, now: datetime, is_secret: bool
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class AccountMailer(Contribution):
    """The app that sends letters about accounts."""

    is_single = True
    send: Mailer


def send_account_email(*, to: str, template: str, context: dict[str, Any], now: datetime, is_secret: bool) -> None:
    """Queue a letter; each call is a letter of its own.

    Args:
        is_secret: it has a link that signs its reader in, so its text is never shown to others.
    """
    dedup_key = f"{template}:{uuid7()}"
    for mailer in contributions(AccountMailer):
        mailer.send(to=to, template=template, context=context, dedup_key=dedup_key, now=now, is_secret=is_secret)
