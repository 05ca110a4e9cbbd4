"""Applications in the raw admin: to read, never to write; decisions are made in the console."""

from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from accounts.admin_access import OperatorsMayLook
from gateway.bank_accounts import masked
from tenants.models import ApplicationDocument, ApplicationEntry, ShopApplication


class ReadOnly(OperatorsMayLook):
    """Read-only admin: no rows are added, changed or deleted, with any permissions."""

    def has_add_permission(self, *_: Any) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        """Refuse."""
        return False


class DocumentInline(ReadOnly, TabularInline):
    """Documents; opened in the console alone."""

    model = ApplicationDocument
    fields = ("name", "kind", "content_type", "size", "created_at")
    extra = 0


class EntryInline(ReadOnly, TabularInline):
    """Entries of an application's history."""

    model = ApplicationEntry
    extra = 0


@admin.register(ShopApplication)
class ShopApplicationAdmin(ReadOnly, ModelAdmin):
    """Applications, without what lets guests in."""

    list_display = ("shop_name", "slug", "status", "legal_name", "submitted_at")
    list_filter = ("status", "country", "currency")
    search_fields = ("shop_name", "slug", "legal_name", "email")
    exclude = ("access_key", "account_number")
    readonly_fields = ("number_masked",)
    inlines = (DocumentInline, EntryInline)

    @admin.display(description="account number")
    def number_masked(self, application: ShopApplication) -> str:
        """Return its end."""
        return masked(application.account_number)
