"""Look-up of TXT records in the DNS.

`DOMAIN_TXT_RESOLVER` names the function that answers it. Production knows `ask_dns` alone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import dns.exception
import dns.resolver
from django.conf import settings
from django.utils.module_loading import import_string
from dns.rdtypes.txtbase import TXTBase

from tenants.models import DomainClaim, DomainProblem

TIMEOUT_SECONDS = 5.0
LOCAL_FILE = "dns.txt"

TxtResolver = Callable[[str], list[str]]


class LookupFailedError(Exception):
    """The DNS gave no answer; `problem` is the kind of failure."""

    def __init__(self, problem: DomainProblem) -> None:
        self.problem = problem
        super().__init__(problem.value)


def find_problem(claim: DomainClaim) -> DomainProblem | None:
    """Ask the DNS for a claim's proof; return None where it is there. Never call it in a transaction."""
    resolve = cast("TxtResolver", import_string(settings.DOMAIN_TXT_RESOLVER))
    try:
        values = resolve(claim.record_name)
    except LookupFailedError as error:
        return error.problem
    if claim.record_value in (value.strip() for value in values):
        return None
    return DomainProblem.WRONG_VALUE if values else DomainProblem.NO_RECORD


def ask_dns(name: str) -> list[str]:
    """Return the TXT records at a name, each put together from its strings (RFC 1035, section 3.3.14).

    Raises:
        LookupFailedError: the name servers did not answer within five seconds, or with a failure.
    """
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=TIMEOUT_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.Timeout as error:
        raise LookupFailedError(DomainProblem.TIMED_OUT) from error
    except (dns.exception.DNSException, OSError) as error:
        raise LookupFailedError(DomainProblem.FAILED) from error
    return [b"".join(cast("TXTBase", record).strings).decode("utf-8", "replace") for record in answer]


def ask_local_file(name: str) -> list[str]:
    """Return the records of a name in `dns.txt` of the data directory, else those in the DNS.

    A line of the file is a name, a space, and a value. For trying domains out on one machine.
    """
    lines = _lines(Path(settings.DATA_DIR) / LOCAL_FILE)
    found = [value.strip() for asked, _, value in (line.partition(" ") for line in lines) if asked == name]
    return found if found or name.endswith(".localhost") else ask_dns(name)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
