"""The raw admin's view of the audit log: to read, never to write."""

from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin

from console.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ModelAdmin):
    """Entries of the audit log."""

    list_display = ("created_at", "actor", "action", "subject", "reason")
    list_filter = ("action",)
    list_select_related = ("actor",)
    search_fields = ("subject", "reason")
    show_full_result_count = False

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        return False
