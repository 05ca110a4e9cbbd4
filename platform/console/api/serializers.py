"""Input and output of operators' calls."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kit.api.input import InputSerializer
from kit.api.lists import PageOutput
from kit.text.serializers import LineField, ParagraphsField
from tenants.applications.api.serializers import ApplicationOutput, entries_of
from tenants.models import ApplicationEntry, ApplicationEntryKind, ShopApplication


class JudgedEntryOutput(serializers.ModelSerializer[ApplicationEntry]):
    """An entry of the history, with its actor."""

    kind = serializers.ChoiceField(choices=ApplicationEntryKind.choices)
    actor_email = serializers.SerializerMethodField(help_text="Empty for a guest or the market.")

    class Meta:
        model = ApplicationEntry
        fields = ("kind", "message", "actor_email", "created_at")
        read_only_fields = fields

    def get_actor_email(self, entry: ApplicationEntry) -> str:
        """Return the actor."""
        return entry.actor.email if entry.actor else ""


class JudgedApplicationOutput(ApplicationOutput):
    """An application as operators see it."""

    applicant_email = serializers.SerializerMethodField(help_text="Of the applicant's account; empty for a guest.")

    class Meta(ApplicationOutput.Meta):
        fields = ("applicant_email", *ApplicationOutput.Meta.fields)
        read_only_fields = fields

    def get_applicant_email(self, application: ShopApplication) -> str:
        """Return the account that sent the application."""
        return application.applicant.email if application.applicant else ""

    @extend_schema_field(JudgedEntryOutput(many=True))
    def get_history(self, application: ShopApplication) -> list[dict[str, Any]]:
        """Return the history, with names."""
        return list(JudgedEntryOutput(entries_of(application), many=True).data)


class ApplicationPageOutput(PageOutput):
    """A page of applications."""

    results = JudgedApplicationOutput(many=True)


class ApproveInput(InputSerializer):
    """An approval."""

    note = LineField(max_length=300, allow_blank=True, default="", help_text="For the audit log.")


class AskInput(InputSerializer):
    """Message that asks the applicant for more."""

    message = ParagraphsField(min_length=5, max_length=1000, help_text="The applicant reads it.")


class RefuseInput(InputSerializer):
    """A refusal."""

    reason = ParagraphsField(min_length=5, max_length=1000, help_text="The applicant reads it.")
