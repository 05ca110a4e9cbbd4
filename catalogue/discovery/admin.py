"""The raw admin's view of categories and listings."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from accounts.admin_access import OperatorsMayLook
from catalogue.discovery.models import Category, Listing


class ReadOnly(OperatorsMayLook):
    """Read-only admin: no rows are added, changed or deleted, with any permissions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Category)
class CategoryAdmin(ReadOnly, ModelAdmin):
    """Categories, to look at: operators change them in the console, where listings follow and the log is written."""

    list_display = ("name", "slug", "parent", "position", "is_retired")
    list_filter = ("is_retired",)
    list_select_related = ("parent",)
    search_fields = ("name", "slug")


@admin.register(Listing)
class ListingAdmin(ReadOnly, ModelAdmin):
    """Listings, to look at: they follow the shops' products."""

    list_display = ("title", "shop", "price_minor", "currency", "is_visible", "is_in_stock", "popularity")
    list_filter = ("is_visible", "is_in_stock")
    list_select_related = ("shop",)
    search_fields = ("title", "brand")
    exclude = ("search",)
    show_full_result_count = False
