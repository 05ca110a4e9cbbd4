"""The database refuses what a dispute can't be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kit.ids import uuid7
from payouts.models import Dispute, DisputeAnswer, DisputeEvidence, DisputePart, DisputeSetOff
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.ledger import make_shop

pytestmark = pytest.mark.django_db
DISPUTE: dict[str, Any] = {
    "provider": "paystack",
    "provider_id": "7",
    "payment_id": uuid7(),
    "reference": "ks-1",
    "order_number": "KS-1",
    "currency": "NGN",
    "claimed_minor": 100,
    "amount_minor": 100,
    "status": "open",
    "status_at": NOW,
    "opened_at": NOW,
    "created_at": NOW,
}
PART: dict[str, Any] = {
    "sub_order_id": uuid7(),
    "number": "KS-1-1",
    "amount_minor": 100,
    "payable_minor": 95,
    "commission_minor": 8,
    "promotion_minor": 3,
    "pending_minor": 90,
    "available_minor": 5,
    "reserved_minor": 0,
    "owed_minor": 0,
}


def refused(constraint: str, make: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("dispute_once", {}),
        ("dispute_lost_once_over", {"status": "gone"}),
        ("dispute_amount_within_claim", {"amount_minor": 101}),
        ("dispute_amount_within_claim", {"claimed_minor": 0, "amount_minor": 0}),
        ("dispute_lost_once_over", {"lost_minor": 0}),
        ("dispute_lost_once_over", {"status": "won", "lost_minor": 1}),
        ("dispute_lost_once_over", {"status": "lost"}),
        ("dispute_lost_once_over", {"status": "lost", "lost_minor": 0}),
        ("dispute_resolution_known", {"resolution": "other"}),
    ],
)
def test_a_dispute(constraint: str, wrong: dict[str, Any]) -> None:
    Dispute.objects.create(**DISPUTE)
    own = {} if constraint == "dispute_once" else {"provider_id": "8"}
    refused(constraint, lambda: Dispute.objects.create(**DISPUTE | own | wrong))


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("dispute_part_once", {}),
        ("dispute_part_adds_up", {"amount_minor": 101}),
        ("dispute_part_adds_up", {"amount_minor": 0, "payable_minor": -5, "pending_minor": -10}),
        ("dispute_part_held_of_its_places", {"pending_minor": 91}),
        ("dispute_part_held_of_its_places", {"pending_minor": 96, "available_minor": -1}),
        ("dispute_part_lost_within", {"lost_minor": 101}),
        ("dispute_part_lost_within", {"lost_payable_minor": -1}),
    ],
)
def test_a_part(constraint: str, wrong: dict[str, Any]) -> None:
    shop, dispute = make_shop("indigo"), Dispute.objects.create(**DISPUTE)
    DisputePart.objects.create(dispute=dispute, shop=shop, **PART)
    own = {} if constraint == "dispute_part_once" else {"sub_order_id": uuid7()}
    refused(constraint, lambda: DisputePart.objects.create(dispute=dispute, shop=shop, **PART | own | wrong))


def test_a_set_off() -> None:
    paid = {"dispute": Dispute.objects.create(**DISPUTE), "refund_id": uuid7(), "created_at": NOW}
    refused("dispute_set_off_amount_positive", lambda: DisputeSetOff.objects.create(**paid, amount_minor=0))


def test_evidence_and_answers() -> None:
    dispute, operator = Dispute.objects.create(**DISPUTE), make_operator()
    said = {"dispute": dispute, "created_at": NOW}
    refused("dispute_evidence_has_content", lambda: DisputeEvidence.objects.create(**said))
    refused("dispute_evidence_file_has_type", lambda: DisputeEvidence.objects.create(**said, file="a.pdf"))
    answer = said | {"answered_by": operator, "statement": "It arrived"}
    declined = answer | {"is_accepted": False, "amount_minor": 0}
    DisputeAnswer.objects.create(**declined, state="refused")
    DisputeAnswer.objects.create(**declined, state="asked")
    refused("dispute_answered_once", lambda: DisputeAnswer.objects.create(**declined, state="taken"))
    refused("dispute_answer_state_known", lambda: DisputeAnswer.objects.create(**declined, state="lost"))
    for wrong in ({"is_accepted": True, "amount_minor": 0}, {"is_accepted": False, "amount_minor": 5}):
        refused(
            "dispute_answer_gives_what_it_accepts",
            lambda wrong=wrong: DisputeAnswer.objects.create(**answer | wrong, state="refused"),
        )
