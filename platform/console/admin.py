"""The raw admin's view of the audit log: to read, never to write."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from accounts.admin_access import OperatorsMayLook
from console.audit_actions import audit_actions
from console.models import AuditEntry


class ActionFilter(admin.SimpleListFilter):
    """Narrows entries to one of the declared actions, without looking through all of them."""

    title = "action"
    parameter_name = "action"

    def lookups(self, *_: Any) -> list[tuple[str, str]]:
        return list(audit_actions().items())

    def queryset(self, request: HttpRequest, queryset: "QuerySet[AuditEntry]") -> "QuerySet[AuditEntry]":
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(OperatorsMayLook, ModelAdmin):
    """Entries of the audit log."""

    list_display = ("created_at", "actor", "label", "subject", "reason")
    list_filter = (ActionFilter,)
    list_select_related = ("actor",)
    search_fields = ("subject", "reason")
    show_full_result_count = False

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        return False
