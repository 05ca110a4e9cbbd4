"""What is written of money stays: Postgres refuses to change or delete it, whoever asks with the market's password.

Each table with amounts is in the list of refusals, or named below with the reason why it may change.
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from checkout.models import ExchangeCredit, Payment, Refund, Reversal, SubOrder
from gateway.transfers import TransferReport, TransferState
from kit.ids import uuid7
from payouts.models import Difference, Dispute, DisputeAnswer, DisputePart, DisputeSetOff, Payout, PayoutRun, Transfer
from payouts.release.terms import OwnTerms, change_terms
from payouts.runs.by_hand import HandPaymentInput, record_hand_payment
from payouts.runs.create import create_runs
from payouts.runs.settle import settle_transfer
from tests.world.books import make_market, make_operator
from tests.world.clock import NOW
from tests.world.commission import rule_on
from tests.world.differences import difference
from tests.world.ledger import make_shop, rows, run, settle_constraints
from tests.world.payouts import FEE, earn, payable_shop
from tests.world.releases import DUE

pytestmark = pytest.mark.django_db
KEPT, LEDGER, RELEASE, RESERVE = "money_is_kept", "ledger_append_only", "release_is_final", "reserve_is_final"
PAID = "place = 'gone'"
ENTRY = "INSERT INTO payouts_entry (journal_id, account_id, currency, amount_minor)"
JOURNAL = "INSERT INTO payouts_journal (kind, source, description, occurred_at, posted_at)"
REFUSED = [
    ("journal_sums_to_zero", f"{ENTRY} SELECT journal_id, account_id, currency, 5 FROM payouts_entry LIMIT 1"),
    ("journal_has_two_entries", f"{JOURNAL} VALUES ('sale', 'ks-forged', '', now(), now())"),
    (LEDGER, "UPDATE payouts_journal SET source = 'ks-another'"),
    (LEDGER, "DELETE FROM payouts_journal"),
    (LEDGER, "UPDATE payouts_entry SET amount_minor = amount_minor + 1"),
    (LEDGER, "DELETE FROM payouts_entry"),
    (LEDGER, "UPDATE payouts_account SET shop_id = (SELECT max(id) FROM tenants_shop)"),
    (KEPT, "DELETE FROM payouts_account"),
    (KEPT, "DELETE FROM payouts_balance"),
    (KEPT, "UPDATE payouts_balance SET account_id = account_id + 1000"),
    ("balance_not_negative", "UPDATE payouts_balance SET amount_minor = -amount_minor WHERE amount_minor > 0"),
    (KEPT, "UPDATE payouts_payout SET amount_minor = amount_minor + 1"),
    (KEPT, "UPDATE payouts_payout SET netted_minor = netted_minor + 1"),
    (KEPT, "UPDATE payouts_payout SET shop_id = (SELECT min(id) FROM tenants_shop)"),
    (KEPT, "DELETE FROM payouts_payout"),
    (KEPT, "UPDATE payouts_transfer SET amount_minor = amount_minor + 1"),
    (KEPT, "UPDATE payouts_transfer SET reference = reference || '1'"),
    (KEPT, f"UPDATE payouts_transfer SET recipient = 'RCP_somebody_else' WHERE {PAID}"),
    (KEPT, f"UPDATE payouts_transfer SET fees_minor = 0 WHERE {PAID}"),
    (KEPT, "DELETE FROM payouts_transfer"),
    (KEPT, "UPDATE payouts_payoutrun SET total_minor = total_minor - 1, limit_minor = limit_minor"),
    (KEPT, "UPDATE payouts_payoutrun SET limit_minor = 10 * limit_minor"),
    (KEPT, "UPDATE payouts_payoutrun SET approved_by_id = NULL, approved_at = NULL"),
    (KEPT, "DELETE FROM payouts_payoutrun"),
    (KEPT, "UPDATE payouts_handpayment SET amount_minor = amount_minor + 1"),
    (KEPT, "UPDATE payouts_handpayment SET file = 'another.pdf'"),
    (KEPT, "UPDATE payouts_handpayment SET status = 'refused'"),
    (KEPT, "DELETE FROM payouts_handpayment"),
    (KEPT, "UPDATE payouts_difference SET reference = 'ks-another' WHERE ended_at IS NULL"),
    (KEPT, "UPDATE payouts_difference SET note = 'Nothing to see here' WHERE ended_at IS NOT NULL"),
    (KEPT, "DELETE FROM payouts_difference"),
    (KEPT, "UPDATE payouts_dispute SET amount_minor = amount_minor - 1"),
    (KEPT, "UPDATE payouts_dispute SET status = 'won', lost_minor = 0"),
    (KEPT, "DELETE FROM payouts_dispute"),
    (KEPT, "UPDATE payouts_disputepart SET available_minor = 0, owed_minor = 0, pending_minor = payable_minor"),
    (KEPT, "UPDATE payouts_disputepart SET lost_minor = 0"),
    (KEPT, "DELETE FROM payouts_disputepart"),
    (KEPT, "UPDATE payouts_disputesetoff SET amount_minor = amount_minor + 1"),
    (KEPT, "UPDATE payouts_disputesetoff SET undone_at = NULL"),
    (KEPT, "DELETE FROM payouts_disputesetoff"),
    (KEPT, "UPDATE payouts_disputeanswer SET amount_minor = amount_minor + 1"),
    (KEPT, "DELETE FROM payouts_disputeanswer"),
    (KEPT, "UPDATE payouts_bankaccount SET number = '9999999999'"),
    (KEPT, "UPDATE payouts_bankaccount SET bank_code = '999'"),
    (KEPT, "DELETE FROM payouts_bankaccount"),
    (RELEASE, "UPDATE payouts_releaseschedule SET released_at = now() WHERE released_at IS NOT NULL"),
    (RELEASE, "DELETE FROM payouts_releaseschedule"),
    (RESERVE, "DELETE FROM payouts_reserve"),
    ("commission_rule_is_final", "UPDATE payouts_commissionrule SET percent_bps = percent_bps + 1"),
    ("commission_rule_is_final", "DELETE FROM payouts_commissionrule"),
    (KEPT, "UPDATE checkout_payment SET amount_minor = amount_minor + 1"),
    (KEPT, "UPDATE checkout_payment SET captured_minor = captured_minor - 1 WHERE captured_minor > 0"),
    (KEPT, "UPDATE checkout_payment SET captured_minor = NULL, status = 'open' WHERE captured_minor > 0"),
    (KEPT, "UPDATE checkout_payment SET fees_minor = 0 WHERE captured_minor > 0"),
    (KEPT, "DELETE FROM checkout_payment"),
    (KEPT, "UPDATE checkout_refund SET amount_minor = amount_minor - 1"),
    (KEPT, "UPDATE checkout_refund SET set_off_minor = 0"),
    (KEPT, "DELETE FROM checkout_refund"),
    (KEPT, "UPDATE checkout_reversal SET goodwill_minor = goodwill_minor + 1"),
    (KEPT, "DELETE FROM checkout_reversal"),
    (KEPT, "UPDATE checkout_exchangecredit SET amount_minor = amount_minor + 1"),
    (KEPT, "DELETE FROM checkout_exchangecredit"),
    (KEPT, "UPDATE checkout_suborder SET commission_minor = 0 WHERE status = 'new'"),
    (KEPT, """UPDATE checkout_suborder SET commission = '{"lines": []}' WHERE status = 'new'"""),
    (KEPT, "UPDATE checkout_suborder SET total_minor = total_minor + 1 WHERE status = 'new'"),
]
CHANGEABLE = {
    "payouts_unapprovedday": "counted anew with each run",
    "payouts_payoutschedule": "settings of a shop",
    "checkout_order": "its parts are fixed, and the audit's `orders_add_up` compares them",
    "checkout_coupon": "its limits; what it has taken off is frozen with the part",
    "checkout_automaticoffer": "likewise",
    "checkout_couponuse": "given back when its order ends unpaid; frozen with the part",
}
SHARES = ("commission_minor", "platform_discount_minor")
AMOUNTS = """
SELECT DISTINCT table_name FROM information_schema.columns
 WHERE table_schema = 'public' AND column_name LIKE '%%\\_minor' AND table_name ~ '^(payouts|checkout)_'
"""


@pytest.fixture
def books() -> None:
    """A market with one row of everything: paid and given back, paid out, paid by hand, explained."""
    market = make_market()
    part = SubOrder.objects.filter(order=market.paid).order_by("number")[0]
    reversal = Reversal.objects.create(
        **dict.fromkeys(("items_minor", "shipping_minor", "total_minor", *SHARES), 0),
        sub_order=part,
        kind="refund",
        lines={},
        goodwill_minor=100,
        currency="NGN",
        reversed_by="operator",
        created_at=NOW,
    )
    ExchangeCredit.objects.create(
        payment=market.payment,
        order=market.pending,
        reversal=reversal,
        amount_minor=100,
        currency="NGN",
        created_at=NOW,
    )
    operator = make_operator()
    for slug in ("payee", "by-hand"):
        payable_shop(slug)
    kept = make_shop("kept")
    change_terms(shop_id=kept.pk, terms=OwnTerms(1, 10_000, 90), actor_id=operator.pk, now=NOW)
    earn(kept)
    rule_on()
    create_runs(now=DUE)
    PayoutRun.objects.update(approved_by=operator, approved_at=DUE)
    sent, by_hand = Payout.objects.order_by("shop__slug").reverse()
    Transfer.objects.filter(payout=sent).update(state="pending", recipient="RCP_1", asked_at=DUE)
    transfer = Transfer.objects.get(payout=sent)
    amount = transfer.amount_minor
    paid = TransferReport(
        transfer.reference, TransferState.SUCCESS, amount, "NGN", "RCP_1", FEE, provider_id="TRF_1", is_live=False
    )
    settle_transfer(transfer_id=transfer.pk, report=paid, now=DUE)
    record_hand_payment(
        payout_id=by_hand.pk,
        data=HandPaymentInput("NIP-1", DUE.date(), "The provider does not reach this bank."),
        upload=BytesIO(b"%PDF-1.4\n%%EOF"),
        file_name="receipt.pdf",
        actor_id=operator.pk,
        now=DUE,
    )
    dispute_of(market.payment, part, operator)
    Refund.objects.update(set_off_minor=1)
    explained = difference(now=NOW)
    Difference.objects.filter(pk=explained.pk).update(ended_at=DUE, ended_by=operator, note="It was made by hand.")
    difference(now=NOW + timedelta(days=1))
    settle_constraints()


def dispute_of(payment: Payment, part: SubOrder, operator: User) -> None:
    """A dispute that was lost because it was accepted."""
    dispute = Dispute.objects.create(
        provider="paystack",
        provider_id="7",
        payment_id=payment.pk,
        reference=payment.reference,
        claimed_minor=100,
        amount_minor=100,
        lost_minor=100,
        currency="NGN",
        status="lost",
        **dict.fromkeys(("status_at", "opened_at", "created_at"), NOW),
    )
    DisputePart.objects.create(
        amount_minor=100,
        payable_minor=95,
        commission_minor=5,
        promotion_minor=0,
        pending_minor=90,
        available_minor=5,
        reserved_minor=0,
        owed_minor=0,
        lost_minor=100,
        lost_payable_minor=95,
        reversal_id=uuid7(),
        dispute=dispute,
        sub_order_id=part.pk,
        shop_id=part.shop_id,
        number=part.number,
    )
    DisputeSetOff.objects.create(dispute=dispute, refund_id=uuid7(), amount_minor=1, created_at=NOW, undone_at=NOW)
    given_up = {"state": "taken", "is_accepted": True, "statement": "We agree.", "amount_minor": 100}
    DisputeAnswer.objects.create(dispute=dispute, answered_by=operator, created_at=NOW, **given_up)


def tables_with_amounts() -> set[str]:
    return {name for (name,) in rows(AMOUNTS)}


def stored() -> dict[str, list[tuple[object, ...]]]:
    return {table: rows(f"SELECT * FROM {table} ORDER BY 1") for table in sorted(tables_with_amounts())}


def refused_by(statement: str) -> str:
    """Return the constraint that refuses a statement."""
    try:
        with transaction.atomic():
            run(statement)
            settle_constraints()
    except IntegrityError as error:
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    return "nothing"


def test_changes_deletions_and_unbalanced_entries_are_refused(books: None) -> None:
    before = stored()
    assert [(refused_by(statement), statement) for _, statement in REFUSED] == REFUSED
    assert stored() == before


def test_every_table_with_amounts_is_guarded_or_changes_for_a_reason(db: None) -> None:
    words = {word for _, statement in REFUSED for word in statement.split()}
    assert tables_with_amounts() - words == CHANGEABLE.keys(), (
        "Guard its amounts by a trigger, with a statement in REFUSED, or say in CHANGEABLE why they may change."
    )


def test_without_its_guard_a_payout_is_changed(books: None) -> None:
    """The control."""
    statement = "UPDATE payouts_payout SET amount_minor = amount_minor + 1"
    assert refused_by(statement) == KEPT
    run("ALTER TABLE payouts_payout DISABLE TRIGGER money_is_kept")
    assert refused_by(statement) == "nothing"
