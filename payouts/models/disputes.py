"""Disputes: payments that a buyer's bank takes back, the money of shops that is held for them, and what we answer."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from kit.text.columns import ParagraphsColumn

LONGEST_STATEMENT = 2_000


class DisputeStatus(models.TextChoices):
    """Status of a dispute; won and lost are final."""

    OPEN = "open", gettext_lazy("Waits for an answer")
    WITH_BANK = "with_bank", gettext_lazy("With the bank")
    WON = "won", gettext_lazy("Won")
    LOST = "lost", gettext_lazy("Lost")


class DisputeResolution(models.TextChoices):
    """Reason of a dispute's end, or of its way to the bank."""

    ACCEPTED = "accepted", gettext_lazy("Accepted")
    LAPSED = "lapsed", gettext_lazy("Given to the buyer by the bank, or not answered in time")
    DECLINED = "declined", gettext_lazy("Answered with evidence")


class AnswerState(models.TextChoices):
    """State of an answer."""

    ASKED = "asked", gettext_lazy("On its way")
    TAKEN = "taken", gettext_lazy("Taken by the provider")
    REFUSED = "refused", gettext_lazy("Refused by the provider")


UNDECIDED = frozenset({DisputeStatus.OPEN, DisputeStatus.WITH_BANK})


class Dispute(LeasedWork):
    """A payment, or an amount of it, that its buyer's bank takes back, as the provider tells.

    While it is undecided, what shops have of the amount is held in `dispute_reserve`; it may grow when another dispute
    of the payment ends. `due_at` is when the provider is asked about it again; `answer_by` is the end of the time to
    answer.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=40)
    payment_id = models.UUIDField()
    reference = models.CharField(max_length=50, help_text="Of the payment.")
    order_number = models.CharField(max_length=24)
    currency = models.CharField(max_length=3)
    claimed_minor = models.BigIntegerField(help_text="What the bank claims.")
    amount_minor = models.BigIntegerField(help_text="Of this, what was left of the payment.")
    lost_minor = models.BigIntegerField(null=True, help_text="What the provider has taken; empty until it is over.")
    category = models.CharField(max_length=40, blank=True, default="")
    claim = models.CharField(max_length=500, blank=True, default="", help_text="Words of the buyer or their bank.")
    status = models.CharField(max_length=9, choices=DisputeStatus)
    status_at = models.DateTimeField()
    resolution = models.CharField(max_length=8, choices=DisputeResolution, blank=True, default="")
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True, help_text="By us, some time before the end of the time to answer.")
    problem = models.CharField(max_length=200, blank=True, default="", help_text="What a person has to look at.")
    steps = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="dispute_once"),
            models.CheckConstraint(
                condition=Q(claimed_minor__gt=0, amount_minor__gte=0, amount_minor__lte=F("claimed_minor")),
                name="dispute_amount_within_claim",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "with_bank"], lost_minor__isnull=True)
                | Q(status="won", lost_minor__isnull=False, lost_minor=0)
                | Q(status="lost", lost_minor__isnull=False, lost_minor__gt=0),
                name="dispute_lost_once_over",
            ),
            models.CheckConstraint(
                condition=Q(resolution__in=["", *DisputeResolution.values]), name="dispute_resolution_known"
            ),
        ]
        indexes = [
            models.Index(fields=["payment_id"], name="dispute_of_payment"),
            models.Index(
                fields=["answer_by", "id"], condition=Q(status__in=["open", "with_bank"]), name="dispute_undecided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id}"

    @property
    def is_over(self) -> bool:
        """Return whether it is won or lost."""
        return self.status not in UNDECIDED

    def is_answerable(self, now: datetime) -> bool:
        """Return whether it waits for an answer whose time is not over."""
        return self.status == DisputeStatus.OPEN and (self.answer_by is None or now < self.answer_by)


class DisputePart(models.Model):
    """A shop's share of a disputed amount, by what is left of its sub-order, and where its money was taken from.

    `amount_minor` is the buyer's: of it the shop has `payable_minor`, the market the commission, less what the market
    itself gave to the buyer.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, db_index=False, related_name="parts")
    sub_order_id = models.UUIDField()
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    number = models.CharField(max_length=24, help_text="The sub-order's.")
    amount_minor = models.BigIntegerField()
    payable_minor = models.BigIntegerField()
    commission_minor = models.BigIntegerField()
    promotion_minor = models.BigIntegerField()
    pending_minor = models.BigIntegerField(help_text="Of the payable amount, taken of what was pending.")
    available_minor = models.BigIntegerField()
    reserved_minor = models.BigIntegerField()
    owed_minor = models.BigIntegerField(help_text="Taken of nothing: the shop owes it meanwhile.")
    lost_minor = models.BigIntegerField(default=0, db_default=0)
    lost_payable_minor = models.BigIntegerField(
        default=0,
        db_default=0,
        help_text="Of the shop's money; it may be more than was held, by rounding or another dispute.",
    )
    reversal_id = models.UUIDField(null=True, help_text="What was taken back of the sub-order as it was lost.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "sub_order_id"], name="dispute_part_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0,
                    payable_minor__gte=0,
                    commission_minor__gte=0,
                    promotion_minor__gte=0,
                    amount_minor=F("payable_minor") + F("commission_minor") - F("promotion_minor"),
                ),
                name="dispute_part_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    pending_minor__gte=0,
                    available_minor__gte=0,
                    reserved_minor__gte=0,
                    owed_minor__gte=0,
                    payable_minor=F("pending_minor") + F("available_minor") + F("reserved_minor") + F("owed_minor"),
                ),
                name="dispute_part_held_of_its_places",
            ),
            models.CheckConstraint(
                condition=Q(lost_minor__gte=0, lost_minor__lte=F("amount_minor"), lost_payable_minor__gte=0),
                name="dispute_part_lost_within",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-dispute"], name="dispute_part_of_shop"),
            models.Index(
                fields=["reversal_id"], condition=Q(reversal_id__isnull=False), name="dispute_part_of_reversal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.amount_minor}"


class DisputeSetOff(models.Model):
    """An amount of a lost dispute that has paid a refund which was owed and not sent: its buyer has it from the bank.

    It counts until the provider says that it has paid the refund too (`undone_at`).
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="set_offs")
    refund_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="dispute_set_off_amount_positive"),
        ]
        indexes = [models.Index(fields=["refund_id"], name="dispute_set_off_of_refund")]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.refund_id}"


class DisputeEvidence(models.Model):
    """A text or a file of a shop, or of the market, that speaks for it; operators choose what is sent."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence")
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    text = ParagraphsColumn(max_length=LONGEST_STATEMENT, blank=True, default="")
    file = models.CharField(max_length=200, blank=True, default="", help_text="In the private storage.")
    file_name = models.CharField(max_length=120, blank=True, default="")
    content_type = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(file=""), name="dispute_evidence_has_content"),
            models.CheckConstraint(
                condition=Q(file="", content_type="") | ~Q(file="") & ~Q(content_type=""),
                name="dispute_evidence_file_has_type",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or self.text[:40]


class DisputeAnswer(LeasedWork):
    """Our answer to a dispute, committed before the provider is asked; its id is our reference of it.

    After an unclear result the dispute is asked about: only one that still waits is answered again.
    """

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, db_index=False, related_name="answers")
    state = models.CharField(max_length=7, choices=AnswerState)
    is_accepted = models.BooleanField()
    statement = ParagraphsColumn(max_length=LONGEST_STATEMENT)
    amount_minor = models.BigIntegerField(help_text="Given up; nothing of a dispute that is declined.")
    evidence = models.ForeignKey(
        DisputeEvidence,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="Whose file is sent.",
    )
    provider_evidence = models.CharField(
        max_length=40, blank=True, default="", help_text="The provider's id of the statement."
    )
    provider_file = models.CharField(
        max_length=100, blank=True, default="", help_text="The provider's name of the file."
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True, default="", help_text="What the provider said.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(state__in=["asked", "taken"]), name="dispute_answered_once"
            ),
            models.CheckConstraint(condition=Q(state__in=AnswerState.values), name="dispute_answer_state_known"),
            models.CheckConstraint(
                condition=Q(is_accepted=True, amount_minor__gt=0) | Q(is_accepted=False, amount_minor=0),
                name="dispute_answer_gives_what_it_accepts",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="asked"), name="dispute_answer_waiting")]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.state}"
