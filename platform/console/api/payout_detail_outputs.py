"""A run before it is made, and runs and payouts with all that their pages show."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from console.api.payout_outputs import HandPaymentOutput, OperatorPayoutOutput, PayoutRunOutput
from console.selectors.payout_acts import PAYOUT_ACTS, PayoutFacts
from console.selectors.payout_advice import advice_for_run, words_of_run
from gateway.bank_accounts import masked
from kit.api.lists import FeedOutput
from payouts.models import Payout, PayoutRun, RunStatus
from payouts.runs.preview import PreviewLine, Skipped


class PayoutPreviewOutput(serializers.Serializer[Any]):
    """A shop with money available: the payout that a run would make, or why it makes none."""

    shop = ShopBriefOutput()
    currency = serializers.CharField()
    provider = serializers.CharField(allow_blank=True, help_text="Who would send it; empty: none sends this currency.")
    available_minor = serializers.IntegerField()
    netted_minor = serializers.IntegerField(help_text="What the shop owes, and is kept back.")
    amount_minor = serializers.IntegerField(help_text="What would be sent; 0 where it is skipped.")
    bank_name = serializers.CharField(source="account.bank_name", default="", help_text="Empty: it has named none.")
    account_number = serializers.SerializerMethodField(help_text="Its last four digits; empty likewise.")
    skipped = serializers.ChoiceField(
        choices=[reason.value for reason in Skipped], allow_null=True, help_text="Why it is not paid; null: it is."
    )
    why = serializers.CharField(allow_blank=True, help_text="The same in words.")

    def get_account_number(self, line: PreviewLine) -> str:
        """Return the end of the number."""
        return masked(line.account.number) if line.account else ""


class PayoutPreviewFeedOutput(FeedOutput):
    """Some shops of a preview."""

    results = PayoutPreviewOutput(many=True)


class PayoutRunDetailOutput(PayoutRunOutput):
    """A payout run with the people behind it, and advice."""

    limit_minor = serializers.IntegerField(help_text="What went without a second person at the time it was made.")
    created_by = serializers.CharField(
        source="created_by.email", default=None, allow_null=True, help_text="Null: made by itself, as of a schedule."
    )
    approved_by = serializers.CharField(source="approved_by.email", default=None, allow_null=True)
    advice = serializers.SerializerMethodField(help_text="What to do now; empty where it needs no person.")
    provider_words = serializers.SerializerMethodField(help_text="What the provider says against it, in its own words.")
    next_try_at = serializers.SerializerMethodField(help_text="When it is sent again by itself; null where it is not.")

    class Meta(PayoutRunOutput.Meta):
        fields: Any = (
            *PayoutRunOutput.Meta.fields,
            *("limit_minor", "created_by", "approved_by", "advice", "provider_words", "next_try_at"),
        )

    def get_advice(self, run: PayoutRun) -> str:
        """Return the advice."""
        return advice_for_run(run)

    def get_provider_words(self, run: PayoutRun) -> str:
        """Return the provider's words."""
        return words_of_run(run)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_next_try_at(self, run: PayoutRun) -> Any:
        """Return the time of the next try of a run that the provider has refused."""
        is_refused = run.status == RunStatus.SENDING and bool(run.problem)
        return serializers.DateTimeField().to_representation(run.due_at) if is_refused and run.due_at else None


class OperatorPayoutDetailOutput(OperatorPayoutOutput):
    """A payout with all that its page shows."""

    holder_name = serializers.CharField(source="bank_account.holder_name", help_text="Of the account, by its bank.")
    advice = serializers.SerializerMethodField(help_text="What to do now; empty where it needs no person.")
    allowed_acts = serializers.SerializerMethodField(help_text="What can be done with it now, by the calls' names.")
    retry_refusal = serializers.SerializerMethodField(
        help_text="Why it can't be sent again, of an unsuccessful one; empty where it can."
    )
    hand_payment = serializers.SerializerMethodField(help_text="The last payment by hand; null where there is none.")
    statement_url = serializers.SerializerMethodField(help_text="Every line that it pays; as JSON, CSV or PDF.")

    class Meta(OperatorPayoutOutput.Meta):
        fields: Any = (
            *OperatorPayoutOutput.Meta.fields,
            *("holder_name", "advice", "allowed_acts", "retry_refusal", "hand_payment", "statement_url"),
        )

    @property
    def _facts(self) -> PayoutFacts:
        facts: PayoutFacts = self.context["facts"]
        return facts

    def get_advice(self, _: Payout) -> str:
        """Return the advice."""
        return self._facts.advice

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=PAYOUT_ACTS)))
    def get_allowed_acts(self, _: Payout) -> list[str]:
        """Return the acts that are possible now."""
        return self._facts.acts

    def get_retry_refusal(self, _: Payout) -> str:
        """Return the refusal that another attempt would get."""
        return self._facts.refusal.message if self._facts.refusal else ""

    @extend_schema_field(HandPaymentOutput(allow_null=True))
    def get_hand_payment(self, _: Payout) -> Any:
        """Return the last payment by hand."""
        return HandPaymentOutput(self._facts.hand_payment).data if self._facts.hand_payment else None

    @extend_schema_field(serializers.URLField())
    def get_statement_url(self, _: Payout) -> str:
        """Return the address of the statement."""
        return str(self.context["statement"])
