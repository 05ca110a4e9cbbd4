"""A payout that was paid outside the provider is recorded with evidence, and nothing else pays it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gateway.transfers import TransferReport, TransferState
from kit.errors import DomainError, InvalidInputError
from notifications.models import Email
from payouts.models import HandPayment, HandPaymentStatus, Payout, PayoutProblem, PayoutStatus, Place, Transfer
from payouts.runs.approve import approve_run, cancel_run
from payouts.runs.by_hand import (
    HandPaymentInput,
    approve_hand_payment,
    evidence_folder,
    record_hand_payment,
    refuse_hand_payment,
)
from payouts.runs.create import create_runs
from payouts.runs.errors import (
    BalanceChangedError,
    HandPaymentDecidedError,
    HandPaymentKnownError,
    HandPaymentWaitingError,
    NothingToPayError,
    PayoutNotRetriableError,
    PayoutPaidAlreadyError,
    PayoutUnderWayError,
    SelfApprovalError,
)
from payouts.runs.hold import release_payout, retry_payout
from payouts.runs.send import send_runs
from payouts.runs.settle import settle_transfer
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.factories.people import person
from tests.world.ledger import without_triggers
from tests.world.own_shop import member
from tests.world.payouts import (
    EARNED,
    LATER,
    ask,
    figures,
    finish,
    fund,
    off,
    only_payout,
    payable_shop,
    run_payouts,
    transfers_at,
    without_pauses,
)
from tests.world.releases import DUE, delivered, take_back

pytestmark = pytest.mark.django_db
RECEIPT = b"%PDF-1.4\n%%EOF"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pauses(monkeypatch)


@pytest.fixture
def shop() -> Shop:
    return payable_shop("indigo")


@pytest.fixture
def failed(shop: Shop, paystack: SandboxProcess) -> Payout:
    """A payout that the bank did not take."""
    fund(paystack)
    run_payouts()
    payout, transfer = only_payout()
    finish(paystack, transfer, "failed")
    ask()
    payout.refresh_from_db()
    return payout


def mark(
    payout: Payout, actor_id: int, *, reference: str = "NIP-1", now: datetime = LATER, **changes: Any
) -> HandPayment:
    facts = {"paid_on": date(2026, 3, 2), "reason": "The provider does not reach this bank.", **changes}
    return record_hand_payment(
        payout_id=payout.pk,
        data=HandPaymentInput(reference=reference, **facts),
        upload=BytesIO(RECEIPT),
        file_name="receipt.pdf",
        actor_id=actor_id,
        now=now,
    )


def test_a_failed_payout_is_booked_as_paid_by_hand(failed: Payout, shop: Shop, paystack: SandboxProcess) -> None:
    """Its money is gone from the shop's balance, and owed to the market's own bank; the shop is told the reference."""
    owner, operator = member(shop), make_operator()

    payment = mark(failed, operator.pk)

    failed.refresh_from_db()
    assert (failed.status, failed.problem, payment.status) == (PayoutStatus.PAID, "", HandPaymentStatus.BOOKED)
    assert figures(shop) == {}
    assert off() == [], "the provider holds what it held, and every transfer is booked"
    with evidence_folder(failed.pk).open(payment.file) as kept:
        assert kept.read() == RECEIPT
    letter = Email.objects.filter(to=owner.email).latest("pk")
    assert "NIP-1" in letter.text
    ask(now=LATER + timedelta(days=2))  # a provider is not asked about it
    for again in (lambda: retry_payout(payout_id=failed.pk, now=LATER), lambda: mark(failed, operator.pk)):
        with pytest.raises((PayoutNotRetriableError, PayoutPaidAlreadyError)):
            again()


def test_a_prepared_payout_is_taken_out_of_its_run(
    shop: Shop, paystack: SandboxProcess, settings: LazySettings
) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = EARNED - 1
    fund(paystack)
    [run] = create_runs(now=DUE)
    settings.PAYOUT_SECOND_APPROVAL_MINOR = EARNED
    mark(Payout.objects.get(), make_operator().pk)
    approve_run(run_id=run.pk, actor_id=person(email="second@kasuwa.test").pk, now=LATER)
    send_runs(now=LATER)
    assert transfers_at(paystack) == []
    assert figures(shop) == {}
    assert off() == []


@pytest.mark.parametrize("state", ["asked", "pending", "otp", "mismatch"])
def test_money_that_may_still_arrive_is_not_paid_by_hand(shop: Shop, paystack: SandboxProcess, state: str) -> None:
    fund(paystack)
    run_payouts()
    payout, transfer = only_payout()
    if state == "mismatch":
        finish(paystack, transfer, "failed")
        ask()
        Payout.objects.update(problem=PayoutProblem.MISMATCH)
    else:
        Transfer.objects.update(state=state)
    before = figures(shop)
    with pytest.raises(PayoutUnderWayError):
        mark(payout, make_operator().pk)
    assert figures(shop) == before
    assert not HandPayment.objects.exists()


def test_above_the_limit_a_second_person_confirms_it(
    failed: Payout, shop: Shop, paystack: SandboxProcess, settings: LazySettings
) -> None:
    """Until then its money is set aside: no run, no retry and no release sends it."""
    settings.PAYOUT_SECOND_APPROVAL_MINOR = EARNED - 1
    first, second = make_operator(), person(email="second@kasuwa.test", is_operator=True)

    payment = mark(failed, first.pk)

    assert payment.status == HandPaymentStatus.WAITING
    assert figures(shop) == {"in_transit": EARNED}
    acts: list[tuple[Callable[[], Any], type[DomainError]]] = [
        (lambda: create_runs(now=LATER), NothingToPayError),
        (lambda: retry_payout(payout_id=failed.pk, now=LATER), PayoutNotRetriableError),
        (lambda: release_payout(payout_id=failed.pk, now=LATER), HandPaymentWaitingError),
        (lambda: mark(failed, second.pk, reference="NIP-2"), PayoutPaidAlreadyError),
        (lambda: approve_hand_payment(payout_id=failed.pk, actor_id=first.pk, now=LATER), SelfApprovalError),
    ]
    for act, refusal in acts:
        with pytest.raises(refusal):
            act()
    assert off() == []
    approve_hand_payment(payout_id=failed.pk, actor_id=second.pk, now=LATER)
    assert figures(shop) == {}
    assert Payout.objects.get().status == PayoutStatus.PAID
    assert off() == []
    with pytest.raises(HandPaymentDecidedError):
        refuse_hand_payment(payout_id=failed.pk, actor_id=second.pk, now=LATER)


def test_a_payment_that_was_not_made_is_refused(
    failed: Payout, shop: Shop, paystack: SandboxProcess, settings: LazySettings
) -> None:
    """Its money is available again, and the next run pays it."""
    settings.PAYOUT_SECOND_APPROVAL_MINOR = EARNED - 1
    mark(failed, make_operator().pk)
    refuse_hand_payment(payout_id=failed.pk, actor_id=person(email="second@kasuwa.test").pk, now=LATER)
    assert figures(shop) == {"available": EARNED}
    assert Payout.objects.get().status == PayoutStatus.CANCELLED
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 10 * EARNED
    run_payouts(now=LATER)
    assert figures(shop) == {"in_transit": EARNED}
    assert off() == []


def test_a_cancelled_run_keeps_what_was_paid_by_hand(
    shop: Shop, paystack: SandboxProcess, settings: LazySettings
) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 0
    [run] = create_runs(now=DUE)
    mark(Payout.objects.get(), make_operator().pk)
    cancel_run(run_id=run.pk, now=LATER)
    assert figures(shop) == {"in_transit": EARNED}
    assert off(with_provider=False) == []


def test_a_success_that_comes_late_is_booked_beside_it(failed: Payout, shop: Shop, paystack: SandboxProcess) -> None:
    """The shop was paid twice: it owes one of the two, and a person is told."""
    mark(failed, make_operator().pk)
    transfer = Transfer.objects.get(attempt=1)
    settle_transfer(
        transfer_id=transfer.pk,
        report=TransferReport(
            transfer.reference,
            TransferState.SUCCESS,
            EARNED,
            "NGN",
            transfer.recipient,
            0,
            provider_id="TRF_1",
            is_live=False,
        ),
        now=LATER,
    )
    failed.refresh_from_db()
    assert (failed.status, failed.problem) == (PayoutStatus.PAID, PayoutProblem.PAID_LATE)
    assert figures(shop) == {"receivable": EARNED}


def test_its_run_is_locked_before_it_as_by_every_other_act(failed: Payout) -> None:
    with CaptureQueriesContext(connection) as asked:
        mark(failed, make_operator().pk)
    locked = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    assert "payouts_payoutrun" in locked[0]


def test_the_day_is_one_of_the_market_s_zone(failed: Payout) -> None:
    in_lagos_it_is_tomorrow = datetime(2026, 3, 19, 23, 30, tzinfo=UTC)
    payment = mark(failed, make_operator().pk, now=in_lagos_it_is_tomorrow, paid_on=date(2026, 3, 20))
    assert payment.status == "booked"


def test_what_it_refuses(failed: Payout, shop: Shop, paystack: SandboxProcess) -> None:
    operator = make_operator()
    for changes in ({"reference": " "}, {"reason": " "}, {"paid_on": LATER.date() + timedelta(days=1)}):
        with pytest.raises(InvalidInputError):
            mark(failed, operator.pk, **changes)
    with pytest.raises(InvalidInputError):
        record_hand_payment(
            payout_id=failed.pk,
            data=HandPaymentInput("NIP-1", date(2026, 3, 2), "Because."),
            upload=BytesIO(b"MZ"),
            file_name="receipt.exe",
            actor_id=operator.pk,
            now=LATER,
        )
    part = delivered(shop, EARNED)
    take_back(part, EARNED)
    take_back(part_of_first(), 10_000)
    with pytest.raises(BalanceChangedError):
        mark(failed, operator.pk)
    assert not HandPayment.objects.exists()


def part_of_first() -> Any:
    """The sale that the payout was to pay."""
    from payouts.models import ReleaseSchedule
    from payouts.release.schedules import EarnedPart

    first = ReleaseSchedule.objects.earliest("sub_order_id")
    return EarnedPart(first.sub_order_id, first.shop_id, first.number, first.currency)


def test_a_reference_is_recorded_once(failed: Payout, paystack: SandboxProcess) -> None:
    operator = make_operator()
    mark(failed, operator.pk)
    payable_shop("copper", number="9876543210")
    create_runs(now=DUE)
    with pytest.raises(HandPaymentKnownError):
        mark(Payout.objects.exclude(pk=failed.pk).get(), operator.pk)
    assert Transfer.objects.filter(place=Place.SET_ASIDE).get().provider == "paystack"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("hand_payment_status_known", {"status": "sorted"}),
        ("hand_payment_positive", {"amount_minor": 0}),
        ("hand_payment_has_evidence", {"file": ""}),
        ("hand_payment_approved_above_limit", {"limit_minor": 0}),
        ("hand_payment_approved_by_another", {"decided_by_id": 1}),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused(failed: Payout, name: str, changes: dict[str, Any]) -> None:
    payment = mark(failed, make_operator().pk)
    changes = {key: payment.recorded_by_id if key == "decided_by_id" else value for key, value in changes.items()}
    with without_triggers(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        HandPayment.objects.update(**changes)
