"""The raw admin's view of categories and listings."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from catalogue.discovery.models import Category, Listing
from catalogue.discovery.services.categories import delete_category, save_category


@admin.register(Category)
class CategoryAdmin(ModelAdmin):
    """Categories, saved through their service so that listings follow."""

    list_display = ("name", "slug", "parent", "position")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ("parent",)
    actions = None

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        save_category(category=obj)

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        delete_category(category=obj)


@admin.register(Listing)
class ListingAdmin(ModelAdmin):
    """Listings, to look at: they follow the shops' products."""

    list_display = ("title", "shop", "price_minor", "currency", "is_visible", "is_in_stock", "popularity")
    list_filter = ("is_visible", "is_in_stock")
    list_select_related = ("shop",)
    search_fields = ("title", "brand")
    exclude = ("search",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Listing | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Listing | None = None) -> bool:
        return False
