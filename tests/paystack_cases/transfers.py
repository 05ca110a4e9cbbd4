"""Cases 18 to 20: a shop is paid once, whatever the provider says, and a person is told of what needs one."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from payouts.models import Dispute, PayoutRun, Transfer
from payouts.release.round import run_round
from payouts.selectors import shop_balances
from tests.paystack_cases.people import DRAIN, PAYOUTS, RELEASED, People, parts_of, payout_of
from tests.world.market import Stocked
from tests.world.payouts import add_account
from tests.world.races import all_at_once


def a_transfer_whose_answer_is_lost(people: People) -> None:
    """18. The provider has acted, or it has not: the same reference settles it, and one transfer is made."""
    for acts in (True, False):
        [item] = people.payable()
        people.paystack.add_fault("timeout", acts=acts, match={"path": "/transfer/bulk"})
        people.run(item)
        transfer = people.until(Transfer.objects.filter(payout__shop=item.shop, state="asked").first)
        people.paystack.add_fault("not_found", match={"path": f"/transfer/verify/{transfer.reference}"})

        people.until_transfer(item, "pending")
        [sent] = people.at_provider(people.until_transfer(item, "pending"))
        assert sent["reference"] == transfer.reference
        people.end_transfer(transfer)
        people.until_transfer(item, "success")
        assert shop_balances(shop_id=item.shop.pk).total_minor == 0
        assert len(people.at_provider(transfer)) == 1


def reversed_after_success_and_success_after_reversed(people: People) -> None:
    """19."""
    returned, late = people.payable(2)
    earned = shop_balances(shop_id=late.shop.pk).available_minor
    transfer = people.paid_out(returned)
    people.end_transfer(transfer, "reversed")
    people.until_transfer(returned, "reversed")
    assert shop_balances(shop_id=returned.shop.pk).available_minor == transfer.amount_minor
    assert (payout_of(returned).status, payout_of(returned).problem) == ("reversed", "reversed")

    people.run(late)
    transfer = people.until_transfer(late, "pending")
    path = {"path": f"/transfer/verify/{transfer.reference}"}
    people.paystack.add_fault("odd_answer", fields={"status": "reversed"}, match=path)
    people.until_transfer(late, "reversed")
    assert shop_balances(shop_id=late.shop.pk).available_minor == earned
    people.end_transfer(transfer)

    people.until_transfer(late, "success")
    assert shop_balances(shop_id=late.shop.pk).total_minor == 0, "the money that was available again is used for it"
    assert (payout_of(late).status, payout_of(late).problem) == ("paid", "paid_late")
    assert len(people.at_provider(transfer)) == 1


def a_bulk_call_that_is_refused_as_a_whole_or_in_part(people: People) -> None:
    """20. A line is rejected; the balance is too low; a code is wanted; bank details change before and after."""
    kept, rejected, moved, moving = people.payable(4)
    people.paystack.add_fault("otp_on", times=None)
    run = people.run()
    people.until(lambda: problem_of(run) == "otp_required", PAYOUTS)
    people.paystack.call("DELETE", "/sandbox/faults")
    drain = people.drain_balance()
    people.until(lambda: problem_of(run) == "balance_too_low", PAYOUTS)
    assert not [each for item in (kept, rejected, moved, moving) for each in sent_to(people, item)]

    add_account(moved.shop, "9000000001", usable_from=timezone.now() + timedelta(days=2))
    bad = Transfer.objects.get(payout__shop=rejected.shop)
    people.paystack.add_fault("reject_line", match={"reference": bad.reference})
    people.end_transfer(drain, "failed")
    people.until_transfer(kept, "pending")
    add_account(moving.shop, "9000000002", usable_from=timezone.now() + timedelta(days=2))

    assert people.until_transfer(rejected, "rejected").payout.status == "failed"
    assert people.until_transfer(moved, "cancelled").payout.status == "cancelled"
    for item in (kept, moving):
        people.end_transfer(people.until_transfer(item, "pending"))
        people.until_transfer(item, "success")
    assert len(sent_to(people, moving)) == 1, "to the account that it had when it was sent"
    balances = {item: shop_balances(shop_id=item.shop.pk) for item in (kept, rejected, moved, moving)}
    assert [balances[item].total_minor for item in (kept, moving)] == [0, 0]
    assert [balances[item].available_minor > 0 for item in (rejected, moved)] == [True, True]
    assert [len(sent_to(people, item)) for item in (kept, moved)] == [1, 0]
    for transfer in Transfer.objects.filter(payout__run=run, state="pending"):  # of shops of other cases
        people.end_transfer(transfer)
    people.until(lambda: PayoutRun.objects.get(pk=run.pk).status == "done", PAYOUTS, DRAIN)


def a_dispute_during_a_release(people: People) -> None:
    """20. Its money is held whichever comes first, and none of it is paid out until the bank has decided."""
    items = [people.goods(), people.goods()]
    payments = [people.bought((item, 1)) for item in items]
    for payment in payments:
        people.deliver(payment, is_released=False)
    disputes = [people.dispute(payment) for payment in payments]
    all_at_once(lambda _: run_round(now=timezone.now() + RELEASED).released >= 0, 2)

    known = Dispute.objects.filter(provider_id__in=disputes)
    people.until(lambda: known.filter(status="open").count() == 2, DRAIN)
    run_round(now=timezone.now() + RELEASED)
    balances = [shop_balances(shop_id=item.shop.pk) for item in items]
    assert [(found.pending_minor, found.available_minor, found.receivable_minor) for found in balances] == [
        (0, 0, 0)
    ] * 2

    people.decide(disputes[0], "declined")
    people.decide(disputes[1], "auto-accepted")
    people.until(lambda: {each.status for each in known.all()} == {"won", "lost"}, DRAIN)
    run_round(now=timezone.now() + RELEASED)
    won, lost = (shop_balances(shop_id=item.shop.pk) for item in items)
    [part] = parts_of(payments[0])
    assert won.available_minor == won.total_minor == part.total_minor - part.commission_minor
    assert lost.total_minor == 0


def problem_of(run: PayoutRun) -> str:
    """Return why a run does not go on."""
    return PayoutRun.objects.get(pk=run.pk).problem


def sent_to(people: People, item: Stocked) -> list[dict[str, object]]:
    """Return the provider's transfers for the payouts of a shop that were not rejected."""
    references = set(Transfer.objects.filter(payout__shop=item.shop).values_list("reference", flat=True))
    listed = people.paystack.call("GET", "/transfer?perPage=500")["data"]
    return [each for each in listed if each["reference"] in references and each["status"] != "rejected"]
