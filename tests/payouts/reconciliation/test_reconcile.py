"""The provider's records beside the ledger: every difference is found once, and ends once it is gone."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from checkout.models import Refund
from checkout.payments.confirm_payment import confirm_payment
from checkout.refunds.push_refunds import push_open_refunds
from payouts.audit import run_audit
from payouts.models import Cause, Difference, Dispute, Entry, ReconciliationRun
from payouts.reconciliation.errors import DifferenceEndedError, NoSuchStepError
from payouts.reconciliation.run import reconcile
from payouts.reconciliation.steps import ask_again, book_fee, book_own, end_difference, steps_for
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.market import open_shop, stock
from tests.world.own_shop import paid_order
from tests.world.payments import pay, started
from tests.world.payouts import ask, finish, fund, only_payout, payable_shop, run_payouts, without_pauses
from tests.world.purchases import bought, cancel_whole, paid
from tests.world.releases import DUE

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def compared(*, days: int = 1) -> ReconciliationRun:
    """Compare the last days an hour from now, when no event is on its way any more."""
    later = timezone.now() + HOUR
    return reconcile(provider="paystack", since=later - timedelta(days=days), until=later, now=later)


def causes() -> list[tuple[str, str]]:
    return sorted(Difference.objects.filter(ended_at=None).values_list("kind", "cause"))


def test_what_is_booked_as_it_happened_differs_in_nothing(paystack: SandboxProcess) -> None:
    purchase, _ = bought(2)
    paid(purchase, paystack)
    cancel_whole(purchase)
    for hours in range(4):  # one refund of a payment goes after the other
        push_open_refunds(now=timezone.now() + hours * HOUR)
        for refund in paystack.call("GET", "/refund")["data"]:
            if refund["status"] != "processed":
                paystack.call("POST", f"/sandbox/refunds/{refund['id']}/finish", {"status": "processed"})
    assert set(Refund.objects.values_list("status", flat=True)) == {"processed"}

    run = compared()

    assert (list(Difference.objects.values()), run.compared, run.problem) == ([], 3, "")


def test_a_payment_of_which_nothing_was_heard_is_found_and_gone_once_it_is_booked(paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    for _ in range(2):
        assert compared().found == 1
    [difference] = Difference.objects.all()
    assert (difference.kind, difference.cause, difference.reference) == ("charge", Cause.NOT_BOOKED, payment.reference)
    assert (difference.ours_minor, difference.off_minor) == (None, payment.amount_minor)

    confirm_payment(reference=payment.reference, now=timezone.now())

    assert compared().found == 0
    difference.refresh_from_db()
    assert difference.ended_at is not None
    assert difference.note


def test_one_that_is_booked_after_its_days_were_compared_for_the_last_time_ends_too(paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    compared()
    confirm_payment(reference=payment.reference, now=timezone.now())
    later = timezone.now() + timedelta(days=60)

    reconcile(provider="paystack", since=later - timedelta(days=3), until=later, now=later)

    assert Difference.objects.get().ended_at == later


def test_a_comparison_ends_where_the_provider_lists_hardly_anything_of_what_is_booked(
    paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloth = stock(open_shop("cloth-hall"))
    paid_order(cloth), paid_order(cloth)
    monkeypatch.setattr("payouts.reconciliation.run.AT_ONCE", 1)
    monkeypatch.setattr("payouts.reconciliation.run.ASKED_AT_MOST", 1)
    run = compared()
    assert (run.found, "stopped" in run.problem) == (1, True)


def test_the_statements_do_not_grow_with_the_differences(paystack: SandboxProcess) -> None:
    cloth = stock(open_shop("cloth-hall"), on_hand=20)
    counts = []
    for more in (1, 4):
        for _ in range(more):
            pay(paystack, started(cloth.line()))
        compared()
        with CaptureQueriesContext(connection) as captured:
            compared()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Difference.objects.filter(ended_at=None).count() == 5


def test_a_sale_of_which_the_provider_knows_nothing_is_found(paystack: SandboxProcess) -> None:
    paid_order(stock(open_shop("cloth-hall")))
    assert compared().found == 1
    assert causes() == [("charge", "not_there")]


def test_a_payment_that_was_booked_with_another_amount_is_found(paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    paystack.add_fault("wrong_amount", by=1_000, where="verify")
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    compared()
    assert causes() == [("charge", "amount")]
    assert Difference.objects.get().off_minor == -1_000


def test_a_refund_that_was_made_on_the_provider_s_own_page_is_found(paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    asked = {"transaction": payment.reference, "amount": 5_000, "merchant_note": "Ada from support"}
    made = paystack.call("POST", "/refund", asked)["data"]
    assert compared().found == 0, "it is under way"
    paystack.call("POST", f"/sandbox/refunds/{made['id']}/finish", {"status": "processed"})

    compared()

    assert causes() == [("refund", "not_booked")]
    found = Difference.objects.get()
    assert (found.provider_id, found.reference, steps_for(found)) == (str(made["id"]), "", ["book_own", "end"])


def findings() -> list[object]:
    report = run_audit(with_provider=True, now=timezone.now())
    return [finding for result in report.results for finding in result.findings]


def outside(paystack: SandboxProcess, kind: str) -> str:
    """Move money at the provider without the market; return the provider's id of it, or the reference of a charge."""
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    if kind == "settlement":
        return str(paystack.call("POST", "/sandbox/settlements", {"currency": "NGN", "amount": 90_000})["data"]["id"])
    if kind == "refund":
        made = paystack.call("POST", "/refund", {"transaction": payment.reference, "amount": 5_000})["data"]
        paystack.call("POST", f"/sandbox/refunds/{made['id']}/finish", {"status": "processed"})
        return str(made["id"])
    asked = {"email": "a@example.com", "amount": "700000", "reference": "their-own-page"}
    paystack.call("POST", "/transaction/initialize", asked)
    paystack.call("POST", "/sandbox/transactions/their-own-page/pay")
    return str(paystack.call("GET", "/transaction/verify/their-own-page")["data"]["id"])


@pytest.mark.parametrize("is_explained", [False, True])
@pytest.mark.parametrize("kind", ["settlement", "refund", "charge"])
def test_what_the_operator_has_moved_is_booked_once_and_the_books_agree(
    paystack: SandboxProcess, kind: str, is_explained: bool
) -> None:
    moved, operator = outside(paystack, kind), make_operator()
    compared()
    difference = Difference.objects.get()
    assert (difference.kind, difference.provider_id, steps_for(difference)) == (kind, moved, ["book_own", "end"])
    assert len(findings()) == 1
    step: dict[str, Any] = {"difference_id": difference.pk, "actor_id": operator.pk, "now": timezone.now()}
    if is_explained:
        end_difference(note="The director's.", **step)
        assert findings(), "an explanation books nothing"

    book_own(note="The director's.", **step)

    with pytest.raises(DifferenceEndedError):
        book_own(note="Again", **step)
    run = compared()
    assert (run.found, run.explained, findings()) == (0, 0, [])
    [entry] = Entry.objects.filter(account__code="operator_funds")
    assert entry.amount_minor == {"settlement": 90_000, "refund": 5_000, "charge": -700_000}[kind]


def test_a_lost_dispute_of_which_nothing_was_heard_is_asked_about_and_never_the_operator_s_own(
    paystack: SandboxProcess,
) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    dispute = paystack.call("POST", "/sandbox/disputes", {"reference": payment.reference})["data"]
    paystack.call("POST", f"/sandbox/disputes/{dispute['id']}/finish", {"resolution": "auto-accepted"})
    compared()
    difference, operator = Difference.objects.get(), make_operator()
    assert (difference.kind, steps_for(difference)) == ("refund", ["ask", "end"])

    ask_again(difference_id=difference.pk, actor_id=operator.pk, now=timezone.now())

    assert Dispute.objects.get().status == "lost"
    assert (compared().found, findings()) == (0, [])
    difference.refresh_from_db()
    assert difference.ended_at is not None


def test_a_payment_of_the_market_is_never_booked_as_the_operator_s_own(paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    compared()
    with pytest.raises(NoSuchStepError):
        book_own(
            difference_id=Difference.objects.get().pk, actor_id=make_operator().pk, note="Mine.", now=timezone.now()
        )


def test_a_transfer_is_compared_with_its_fee(paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    without_pauses(monkeypatch)
    payable_shop("indigo")
    fund(paystack)
    run_payouts(now=DUE)
    payout, transfer = only_payout()
    finish(paystack, transfer)
    compared()
    assert causes() == [("transfer", "not_booked")]

    ask()

    assert compared().found == 0
    assert causes() == []
    assert payout.transfers.get().fees_minor


def test_a_provider_that_does_not_answer_ends_nothing(paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    compared()
    paystack.add_fault("server_error", times=20, match={"path": "/refund"})

    run = compared()

    assert run.problem
    assert causes() == [("charge", "not_booked")]


def test_the_command_tells_programs_and_people(
    paystack: SandboxProcess, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payouts.reconciliation.compare.HEARD_WITHIN", timedelta(0))
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    with pytest.raises(SystemExit) as ended:
        call_command("reconcile", "--provider", "paystack", "--json")
    [run] = json.loads(capsys.readouterr().out)["runs"]
    assert (ended.value.code, run["problem"]) == (1, "")
    assert [each["reference"] for each in run["differences"]] == [payment.reference]

    confirm_payment(reference=payment.reference, now=timezone.now())
    call_command("reconcile", "--provider", "paystack")
    assert "The ledger has all of it" in capsys.readouterr().out


def test_movements_of_the_last_minutes_are_told_and_judged_later(
    paystack: SandboxProcess, operator: User, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    client.force_login(operator)

    call_command("reconcile", "--provider", "paystack", no_color=True)
    told = capsys.readouterr().out
    call_command("reconcile", "--provider", "paystack", "--json")
    [run] = json.loads(capsys.readouterr().out)["runs"]

    judged_from = datetime.fromisoformat(run["judged_from"])
    assert (run["not_judged"], run["differences"]) == (1, [])
    assert timedelta(minutes=28) < judged_from - timezone.now() <= timedelta(minutes=31)
    at = f"{timezone.localtime(judged_from):%-d %B %Y, %H:%M %Z}"
    words = (
        "1 movement of the last minutes is not judged yet, because its event may be on its way."
        f" A comparison after {at} judges"
    )
    assert words in told
    assert "nothing else" not in told
    page = client.get("/operator/reconciliation/", HTTP_HOST="kasuwa.localhost").content.decode()
    assert "Paystack was last compared on" in page
    assert words in page

    confirm_payment(reference=payment.reference, now=timezone.now())
    call_command("reconcile", "--provider", "paystack", no_color=True)
    assert "The ledger has all of it" in capsys.readouterr().out
    page = client.get("/operator/reconciliation/", HTTP_HOST="kasuwa.localhost").content.decode()
    assert "not judged yet" not in page


@pytest.mark.parametrize("days", [("--from",), ("--to",), ("--from", "--to")])
def test_the_command_compares_no_days_that_have_not_begun(days: tuple[str, ...]) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    with pytest.raises(CommandError, match=f"{days[0]} is in the future. Give a day that has begun; today is "):
        call_command("reconcile", *[f"{name}={tomorrow}" for name in days])
    assert not ReconciliationRun.objects.exists()


def test_what_the_provider_confirms_is_booked_when_it_is_asked_again(paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    compared()
    difference = Difference.objects.get()
    assert steps_for(difference) == ["ask", "end"]

    asked = ask_again(difference_id=difference.pk, actor_id=make_operator().pk, now=timezone.now())

    payment.refresh_from_db()
    assert (payment.status, asked.ended_at is not None) == ("captured", True)
    assert compared().found == 0


def test_another_fee_is_booked_by_a_journal_of_its_own(paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    paystack.add_fault("odd_answer", fields={"fees": 100}, match={"path": f"/transaction/verify/{payment.reference}"})
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    compared()
    difference = Difference.objects.get()
    assert (difference.cause, difference.ours_minor) == (Cause.FEE, 100)
    operator = make_operator()

    book_fee(difference_id=difference.pk, actor_id=operator.pk, now=timezone.now())

    with pytest.raises(DifferenceEndedError):
        book_fee(difference_id=difference.pk, actor_id=operator.pk, now=timezone.now())
    assert compared().found == 0
    assert findings() == []


def test_a_difference_is_ended_once_with_its_explanation(paystack: SandboxProcess) -> None:
    paid_order(stock(open_shop("cloth-hall")))
    compared()
    difference, operator = Difference.objects.get(), make_operator()
    with pytest.raises(NoSuchStepError):
        book_fee(difference_id=difference.pk, actor_id=operator.pk, now=timezone.now())

    end_difference(difference_id=difference.pk, actor_id=operator.pk, note="A test sale.", now=timezone.now())

    with pytest.raises(DifferenceEndedError):
        end_difference(difference_id=difference.pk, actor_id=operator.pk, note="Again", now=timezone.now())
    run = compared()
    assert (run.found, run.explained) == (0, 1)
    assert Difference.objects.count() == 1
