"""Imports of prices and stock in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kit.api.in_words import InWordsField
from kit.api.input import InputSerializer
from kit.sentences.stored import in_words

STAGES = [
    "checked", "discarded", "waiting", "running", "done", "failed", "cancelled", "undoing", "undone",
]  # fmt: skip


class ImportData(InputSerializer):
    """A file to check."""

    file = serializers.FileField(
        help_text="CSV with a column `sku` and at least one of `price`, `on hand`, `weight (g)` (whole grams; 0: none) "
        "and `tax class` (of the variant's product), in UTF-8 or UTF-16, separated by commas, semicolons or tabs; "
        "50,000 rows at most. A value that changes between the check and its turn is left alone, and its row says so."
    )


class ImportRowOutput(serializers.Serializer[Any]):
    """A row of the file."""

    line = serializers.IntegerField(help_text="In the file.")
    sku = serializers.CharField()
    price_minor = serializers.IntegerField(allow_null=True, help_text="The new price; null leaves it alone.")
    on_hand = serializers.IntegerField(allow_null=True, help_text="The new count; null leaves it alone.")
    weight_g = serializers.IntegerField(allow_null=True, help_text="The new weight; null leaves it alone.")
    tax_class = serializers.CharField(allow_blank=True, help_text="The product's new one; empty leaves it alone.")
    old_price_minor = serializers.IntegerField(
        allow_null=True, help_text="The price that it replaces; null once it is applied and left the price alone."
    )
    old_on_hand = serializers.IntegerField(
        allow_null=True, help_text="The count that it replaces; null once it is applied and left the count alone."
    )
    old_weight_g = serializers.IntegerField(allow_null=True, help_text="The weight that it replaces; as with prices.")
    old_tax_class = serializers.CharField(allow_blank=True, help_text="The tax class that it replaces.")
    status = serializers.CharField(
        source="state", help_text="`faulty`, `ready`, `applied`, `refused`, `undone` or `kept`."
    )
    message = InWordsField(help_text="What is wrong with it, or why its price or count was left alone.")


class ImportOutput(serializers.Serializer[Any]):
    """An import, how far it is, and its first rows."""

    id = serializers.UUIDField(source="stock_import.pk")
    file_name = serializers.CharField(source="stock_import.file_name")
    columns_read = serializers.ListField(
        source="stock_import.columns_read", child=serializers.CharField(), help_text="As the file names them."
    )
    columns_unread = serializers.ListField(
        source="stock_import.columns_unread",
        child=serializers.CharField(),
        help_text="The file's other columns; nothing in them is imported.",
    )
    status = serializers.ChoiceField(source="stage", choices=STAGES)
    rows = serializers.IntegerField(source="stock_import.rows")
    changes = serializers.IntegerField(source="stock_import.changes", help_text="Rows that change something.")
    problems = serializers.IntegerField(source="problem_rows", help_text="Rows that something is wrong with.")
    done = serializers.SerializerMethodField(help_text="Rows that the running or last job is through with.")
    total = serializers.SerializerMethodField(help_text="Rows that it has in all.")
    error = serializers.SerializerMethodField(help_text="Why it failed.")
    can_be_undone = serializers.BooleanField()
    created_at = serializers.DateTimeField(source="stock_import.created_at")
    first_changes = serializers.SerializerMethodField()
    first_problems = serializers.SerializerMethodField()

    def get_done(self, status: Any) -> int:
        """Return the number of rows that are done."""
        return status.current_job.done if status.current_job else 0

    def get_total(self, status: Any) -> int:
        """Return the number of all rows."""
        return status.current_job.total if status.current_job else 0

    def get_error(self, status: Any) -> str:
        """Return the error."""
        return in_words(status.current_job.last_error) if status.current_job else ""

    @extend_schema_field(ImportRowOutput(many=True))
    def get_first_changes(self, status: Any) -> list[dict[str, Any]]:
        """Return the first hundred rows that change something."""
        return list(ImportRowOutput(self.context["changes"], many=True).data)

    @extend_schema_field(ImportRowOutput(many=True))
    def get_first_problems(self, status: Any) -> list[dict[str, Any]]:
        """Return the first hundred rows that something is wrong with."""
        return list(ImportRowOutput(self.context["problems"], many=True).data)
