"""Looking for the proof of a domain in the DNS: until it is there, and now and then whether it still is."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from kit.db.roles import as_platform
from kit.work import leased, rounds
from kit.work.jobs import wake
from tenants.errors import CheckedJustNowError, ClaimNotFoundError
from tenants.hosts.dns import find_problem
from tenants.hosts.domain_notices import DomainNotice, tell_owners
from tenants.hosts.domains import PROOF_TIMEOUT, forget_host, take_off
from tenants.hosts.selectors import LockedDomains, get_claim, lock_shop_domains
from tenants.models import Domain, DomainClaim, DomainProblem, ShopEventKind, ShopStatus
from tenants.shops.audit_trail import record_event

logger = logging.getLogger(__name__)

PAUSE = timedelta(seconds=5)
EVERY = timedelta(days=7)
MISSING_EVERY = timedelta(days=1)
UNCERTAIN_EVERY = timedelta(hours=1)
GRACE = timedelta(days=7)
# Faults that may be over in an hour: owners are not warned at once.
UNCERTAIN = frozenset({DomainProblem.TIMED_OUT, DomainProblem.FAILED})
# Given up when its owner has had the time to prove it (`_note_wait`), not for the tries that it took.
CLAIMS = leased.Kind(
    model=DomainClaim,
    lease=timedelta(minutes=10),
    back_off=leased.BackOff(first=timedelta(minutes=1), cap=timedelta(hours=6)),
    waiting=lambda _: Q(due_at__isnull=False) & ~Q(shop__status=ShopStatus.DELETED),
    given_up=lambda _: {"due_at": None},
    expected=(ClaimNotFoundError, CheckedJustNowError),
)


def check_claim(*, shop_id: int, claim_id: UUID, actor_id: int | None, now: datetime) -> DomainClaim:
    """Look up a domain's proof, and apply the result: `problem` of the claim names the fault, if any.

    The DNS is asked before the transaction begins. A claim that was removed meanwhile stays removed.

    Raises:
        ClaimNotFoundError: the shop has no such claim.
        CheckedJustNowError: it was looked for within the last seconds.
    """
    asked = get_claim(shop_id=shop_id, claim_id=claim_id)
    if asked.checked_at is not None and now - asked.checked_at < PAUSE:
        raise CheckedJustNowError
    problem, error = _look(asked)
    with as_platform(), transaction.atomic():
        held = lock_shop_domains(shop_id=shop_id)
        claim = held.claim(claim_id)
        if claim.leased_until is None or claim.leased_until <= now:
            claim.attempts += 1  # else the worker that claimed it has counted this one
        claim.leased_until, claim.last_error = None, error
        if problem is None and claim.host not in held.domains and not _enter(held, claim, actor_id, now):
            problem = DomainProblem.TAKEN
        claim.checked_at, claim.problem = now, problem or ""
        if problem is None:
            _note_proof(claim, now)
        elif claim.host in held.domains:
            _note_loss(held, claim, problem, now)
        else:
            _note_wait(claim, now)
        claim.save()
    return claim


def check_due_claims(*, now: datetime) -> int:
    """Look up the proofs that are due, several at a time; return their number."""
    checked = rounds.work_through(
        CLAIMS,
        lambda claim: check_claim(shop_id=claim.shop_id, claim_id=claim.pk, actor_id=None, now=now),
        now=now,
        threads=settings.PROVIDER_CALLS_AT_ONCE,
    )
    if not checked.is_complete:
        wake("tenants.tasks.check_due_domains")
    return checked.done


def _look(claim: DomainClaim) -> tuple[DomainProblem | None, str]:
    """Ask the DNS; an answer that can't be processed counts as none, and is kept for people to see."""
    try:
        return find_problem(claim), ""
    except Exception as error:
        logger.exception("The DNS could not be asked about %s.", claim.host)
        return DomainProblem.FAILED, leased.reason_for(error)[:300].replace("\x00", "")


def _enter(held: LockedDomains, claim: DomainClaim, actor_id: int | None, now: datetime) -> bool:
    """Add a host to its shop; return False where another shop has it, also when both ask at once."""
    row = Domain(tenant=held.shop, domain=claim.host, is_primary=False, verified_at=now)
    Domain.objects.bulk_create([row], ignore_conflicts=True)
    if not Domain.objects.filter(domain=claim.host, tenant_id=held.shop.pk).exists():
        return False
    forget_host(claim.host)
    record_event(
        shop_id=held.shop.pk, actor_id=actor_id, kind=ShopEventKind.DOMAIN_VERIFIED, subject=claim.host, now=now
    )
    tell_owners(shop=held.shop, notice=DomainNotice.VERIFIED, host=claim.host, now=now)
    return True


def _note_proof(claim: DomainClaim, now: datetime) -> None:
    claim.attempts, claim.missing_since, claim.warned_at = 0, None, None
    claim.due_at = now + EVERY


def _note_wait(claim: DomainClaim, now: datetime) -> None:
    pause = CLAIMS.back_off.wait(claim.attempts)
    claim.due_at = now + pause if now + pause < claim.give_up_at else None


def _note_loss(held: LockedDomains, claim: DomainClaim, problem: DomainProblem, now: datetime) -> None:
    """Warn the owners; after the grace period, free the domain."""
    claim.missing_since = claim.missing_since or now
    missing_for = now - claim.missing_since
    subject = {"shop_id": held.shop.pk, "actor_id": None, "subject": claim.host, "now": now}
    if claim.warned_at is None and (problem not in UNCERTAIN or missing_for >= MISSING_EVERY):
        claim.warned_at = now
        record_event(kind=ShopEventKind.DOMAIN_MISSING, details={"problem": problem.value}, **subject)
        tell_owners(shop=held.shop, notice=DomainNotice.MISSING, host=claim.host, now=now)
    elif claim.warned_at is not None and missing_for >= GRACE:
        take_off(held, claim.host)
        record_event(kind=ShopEventKind.DOMAIN_LAPSED, details={"problem": problem.value}, **subject)
        tell_owners(shop=held.shop, notice=DomainNotice.LAPSED, host=claim.host, now=now)
        claim.missing_since, claim.warned_at, claim.attempts = None, None, 0
        claim.give_up_at = now + PROOF_TIMEOUT
    claim.due_at = now + (MISSING_EVERY if claim.warned_at else UNCERTAIN_EVERY)
