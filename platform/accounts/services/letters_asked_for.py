"""Limits of letters that any caller can have sent to any address: sign-ups, applications, invitations, unpaid orders.

All kinds to one mailbox are counted together, and none repeats more of the caller's text than a name without an
address. A reset of a password has a limit of its own, so that filling this one does not block it.
"""

import re
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from kit.errors import TooManyRequestsError
from kit.web.limits import Limit, count
from kit.web.too_many import in_words

DOTLESS = frozenset({"gmail.com", "googlemail.com"})
# Texts that mail programs turn into a link, or that can be dialled.
ADDRESSES = re.compile(r"://|www\.|@|\w\.[^\W\d_]{2,}|(?:\d[\s().-]*){7}", re.IGNORECASE)
LONGEST_NAME = 60


class TooManyLettersError(TooManyRequestsError):
    """A mailbox has received the maximum of letters that anonymous callers can request."""

    code = "too_many_letters"
    default_message = gettext_lazy(
        "We have written to this address several times already. Look in its inbox, or try again later."
    )


def check_may_write_to(*, email: str) -> None:
    """Count a letter that an anonymous caller requests; call it outside transactions.

    Raises:
        TooManyLettersError: the mailbox has received the maximum; `retry_after` is the time to wait.
    """
    mailbox = sha256(_mailbox_of(email).encode()).hexdigest()[:32]
    rates = settings.LETTERS_TO_ONE_MAILBOX
    wait = count([Limit(f"letters:{seconds}:{mailbox}", most, seconds) for most, seconds in rates])
    if wait:
        words = gettext("We have written to this address several times already. Try again in %(wait)s.")
        retry_after = int(wait) + 1
        raise TooManyLettersError(words % {"wait": in_words(retry_after)}, retry_after=retry_after)


def may_write_to(*, email: str) -> bool:
    """Count a letter that an anonymous caller requests; return whether it may be sent."""
    try:
        check_may_write_to(email=email)
    except TooManyLettersError:
        return False
    return True


def readable_name(name: str, *, otherwise: str = "") -> str:
    """Return a name in a form that is safe in a letter: one line, without addresses or numbers."""
    line = " ".join(name.split())
    return otherwise if len(line) > LONGEST_NAME or ADDRESSES.search(line) else line


def _mailbox_of(email: str) -> str:
    """Return one spelling of the addresses that reach one mailbox, as far as that is known."""
    local, _, domain = email.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in DOTLESS else local}@{domain}"
