"""Looking for the proof of a domain in the DNS: until it is there, and now and then whether it still is."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kit.db.roles import as_platform
from kit.work.jobs import enqueue
from tenants.dns import find_problem
from tenants.errors import CheckedJustNowError
from tenants.models import Domain, DomainClaim, DomainProblem, ShopEventKind
from tenants.selectors.domains import LockedDomains, due_claims, get_claim, lock_shop_domains
from tenants.services.domain_news import DomainNews, tell_owners
from tenants.services.domains import PATIENCE, forget_host, take_off
from tenants.services.events import record_event

PAUSE = timedelta(seconds=5)
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=6)
EVERY = timedelta(days=7)
MISSING_EVERY = timedelta(days=1)
UNCERTAIN_EVERY = timedelta(hours=1)
GRACE = timedelta(days=7)
LEASE = timedelta(minutes=10)
BATCH = 200
# What may be over in an hour: nobody is alarmed at once.
UNCERTAIN = frozenset({DomainProblem.TIMED_OUT, DomainProblem.FAILED})


def check_claim(*, shop_id: int, claim_id: UUID, actor_id: int | None, now: datetime) -> DomainClaim:
    """Look for a domain's proof, and act on what is found: `problem` of the claim says what is wrong, if anything.

    The DNS is asked before the transaction begins. A claim that was removed meanwhile stays removed.

    Raises:
        ClaimNotFoundError: the shop has no such claim.
        CheckedJustNowError: it was looked for within the last seconds.
    """
    asked = get_claim(shop_id=shop_id, claim_id=claim_id)
    if asked.checked_at is not None and now - asked.checked_at < PAUSE:
        raise CheckedJustNowError
    problem = find_problem(asked)
    with as_platform(), transaction.atomic():
        held = lock_shop_domains(shop_id=shop_id)
        claim = held.claim(claim_id)
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
    """Hand the claims that are due to workers, one task each; return how many there are."""
    due = due_claims(now=now, limit=BATCH)
    with transaction.atomic():
        # A lease: the next run of the schedule does not ask again for what is under way.
        DomainClaim.objects.filter(pk__in=[claim_id for _, claim_id in due]).update(next_check_at=now + LEASE)
        for shop_id, claim_id in due:
            enqueue("tenants.tasks.check_domain", shop_id=shop_id, claim_id=str(claim_id))
    return len(due)


def _enter(held: LockedDomains, claim: DomainClaim, actor_id: int | None, now: datetime) -> bool:
    """Let a host lead to its shop; return False where it leads to another's, also when both ask at once."""
    row = Domain(tenant=held.shop, domain=claim.host, is_primary=False, verified_at=now)
    Domain.objects.bulk_create([row], ignore_conflicts=True)
    if not Domain.objects.filter(domain=claim.host, tenant_id=held.shop.pk).exists():
        return False
    forget_host(claim.host)
    record_event(
        shop_id=held.shop.pk, actor_id=actor_id, kind=ShopEventKind.DOMAIN_VERIFIED, subject=claim.host, now=now
    )
    tell_owners(shop=held.shop, news=DomainNews.VERIFIED, host=claim.host, now=now)
    return True


def _note_proof(claim: DomainClaim, now: datetime) -> None:
    claim.checks, claim.missing_since, claim.warned_at = 0, None, None
    claim.next_check_at = now + EVERY


def _note_wait(claim: DomainClaim, now: datetime) -> None:
    claim.checks += 1
    pause = min(FIRST_RETRY * 2 ** min(claim.checks - 1, 20), LAST_RETRY)
    claim.next_check_at = now + pause if now + pause < claim.give_up_at else None


def _note_loss(held: LockedDomains, claim: DomainClaim, problem: DomainProblem, now: datetime) -> None:
    """Warn the owners; once the grace is over, the domain is nobody's."""
    claim.checks += 1
    claim.missing_since = claim.missing_since or now
    missing_for = now - claim.missing_since
    subject = {"shop_id": held.shop.pk, "actor_id": None, "subject": claim.host, "now": now}
    if claim.warned_at is None and (problem not in UNCERTAIN or missing_for >= MISSING_EVERY):
        claim.warned_at = now
        record_event(kind=ShopEventKind.DOMAIN_MISSING, details={"problem": problem.value}, **subject)
        tell_owners(shop=held.shop, news=DomainNews.MISSING, host=claim.host, now=now)
    elif claim.warned_at is not None and missing_for >= GRACE:
        take_off(held, claim.host)
        record_event(kind=ShopEventKind.DOMAIN_LAPSED, details={"problem": problem.value}, **subject)
        tell_owners(shop=held.shop, news=DomainNews.LAPSED, host=claim.host, now=now)
        claim.missing_since, claim.warned_at, claim.checks = None, None, 0
        claim.give_up_at = now + PATIENCE
    claim.next_check_at = now + (MISSING_EVERY if claim.warned_at else UNCERTAIN_EVERY)
