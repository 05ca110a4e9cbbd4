"""The raw admin's view of the ledger: to read, never to write."""

from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from accounts.admin_access import OperatorsMayLook
from gateway.bank_accounts import masked
from payouts.models import (
    Account,
    Balance,
    BankAccount,
    CommissionPlan,
    CommissionRule,
    Difference,
    Entry,
    Journal,
    ReconciliationRun,
    ShopPlan,
)
from tenants.applications.holder_names import shop_name_difference


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


class EntryInline(ReadOnly, TabularInline):
    """A journal's entries."""

    model = Entry
    extra = 0


@admin.register(Account)
class AccountAdmin(ReadOnly, ModelAdmin):
    """Accounts."""

    list_display = ("id", "code", "shop", "currency")
    list_filter = ("code", "currency")
    list_select_related = ("shop",)


@admin.register(Journal)
class JournalAdmin(ReadOnly, ModelAdmin):
    """Journals with their entries."""

    list_display = ("id", "kind", "source", "description", "occurred_at")
    list_filter = ("kind",)
    search_fields = ("source",)
    inlines = (EntryInline,)
    show_full_result_count = False


@admin.register(Entry)
class EntryAdmin(ReadOnly, ModelAdmin):
    """Entries of all journals."""

    list_display = ("id", "journal", "account", "amount_minor", "currency")
    list_select_related = ("journal", "account")
    show_full_result_count = False


@admin.register(Balance)
class BalanceAdmin(ReadOnly, ModelAdmin):
    """Balances of shops."""

    list_display = ("account", "amount_minor")
    list_select_related = ("account",)


@admin.register(BankAccount)
class BankAccountAdmin(ReadOnly, ModelAdmin):
    """Bank accounts of payouts; the number is not shown here."""

    list_display = ("shop", "bank_name", "number_masked", "holder_name", "name_difference", "usable_from", "is_current")
    list_filter = ("is_current", "currency")
    list_select_related = ("shop",)
    exclude = ("number",)
    readonly_fields = ("number_masked", "name_difference")

    @admin.display(description="another name")
    def name_difference(self, account: BankAccount) -> str:
        """Show that the bank's name differs from the name on the shop's application."""
        return shop_name_difference(shop=account.shop, holder_name=account.holder_name) or "–"

    @admin.display(description="number")
    def number_masked(self, account: BankAccount) -> str:
        """Return its end."""
        return masked(account.number)


@admin.register(CommissionRule)
class CommissionRuleAdmin(ReadOnly, ModelAdmin):
    """Commission rules; they are changed in the console."""

    list_display = ("name", "shop", "plan", "category_id", "currency", "percent_bps", "starts_at", "ends_at")
    list_filter = ("currency",)
    list_select_related = ("shop", "plan")
    search_fields = ("name",)


@admin.register(CommissionPlan)
class CommissionPlanAdmin(ReadOnly, ModelAdmin):
    """Plans."""

    list_display = ("name", "created_at")


@admin.register(ShopPlan)
class ShopPlanAdmin(ReadOnly, ModelAdmin):
    """Plans of shops."""

    list_display = ("shop", "plan", "changed_at")
    list_select_related = ("shop", "plan")


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(ReadOnly, ModelAdmin):
    """Comparisons with the providers."""

    list_display = ("started_at", "provider", "since", "until", "compared", "found", "explained", "problem")
    list_filter = ("provider",)


@admin.register(Difference)
class DifferenceAdmin(ReadOnly, ModelAdmin):
    """Differences between the ledger and the providers."""

    list_display = ("happened_at", "provider", "kind", "cause", "reference", "ours_minor", "theirs_minor", "ended_at")
    list_filter = ("kind", "cause")
    search_fields = ("reference", "provider_id")
