"""Coupons, documents, returns, reversals, stations and waiting rooms in the raw admin: to look up, never to write."""

from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin

from accounts.admin_access import OperatorsMayLook
from checkout.models import (
    Conversation,
    ConversationReader,
    Coupon,
    CouponBuyer,
    CouponUse,
    ExchangeCredit,
    IssuedDocument,
    OrderMessage,
    Return,
    ReturnTerms,
    Reversal,
    Station,
    WaitingRoom,
)


class ReadOnly(OperatorsMayLook, ModelAdmin):
    """Read-only admin, of tables that may be long: rows are not counted."""

    show_full_result_count = False

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        return False


@admin.register(Coupon)
class CouponAdmin(ReadOnly):
    """Coupons of shops and of the platform, deleted ones too."""

    list_display = ("code", "shop", "kind", "used", "uses_total", "starts_at", "ends_at", "is_paused", "deleted_at")
    list_filter = ("kind", "is_paused", "is_public")
    list_select_related = ("shop",)
    search_fields = ("code", "shop__slug")


@admin.register(CouponUse)
class CouponUseAdmin(ReadOnly):
    """Uses of coupons by orders."""

    list_display = ("created_at", "coupon", "order", "saved_minor", "currency", "released_at")
    list_filter = ("currency",)
    list_select_related = ("coupon", "order")
    search_fields = ("coupon__code", "order__number")


@admin.register(CouponBuyer)
class CouponBuyerAdmin(ReadOnly):
    """Counts of uses by buyer, whom the digest does not reveal."""

    list_display = ("coupon", "buyer", "used")
    list_select_related = ("coupon",)
    search_fields = ("coupon__code",)


@admin.register(WaitingRoom)
class WaitingRoomAdmin(ReadOnly):
    """Waiting rooms of products."""

    list_display = ("listing_id", "shop", "opens_at", "closes_at", "per_minute", "opened_by")
    list_filter = ("opened_by",)
    list_select_related = ("shop",)
    search_fields = ("shop__slug",)


@admin.register(Station)
class StationAdmin(ReadOnly):
    """Pick-up stations."""

    list_display = ("name", "address", "town", "subdivision", "country", "is_open")
    list_filter = ("country", "is_open")
    search_fields = ("name", "town")


@admin.register(Reversal)
class ReversalAdmin(ReadOnly):
    """Sold units that were taken back."""

    list_display = ("created_at", "sub_order", "kind", "refund_minor", "currency", "reversed_by", "reason")
    list_filter = ("kind", "reversed_by", "currency")
    list_select_related = ("sub_order",)
    search_fields = ("sub_order__number",)


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnly):
    """Invoices and credit notes of shops."""

    list_display = ("number", "kind", "shop", "sub_order", "issued_at")
    list_filter = ("kind",)
    list_select_related = ("shop", "sub_order")
    search_fields = ("number", "sub_order__number", "shop__slug")


@admin.register(Return)
class ReturnAdmin(ReadOnly):
    """Units that buyers want to send back."""

    list_display = ("requested_at", "sub_order", "status", "status_at", "reason")
    list_filter = ("status",)
    list_select_related = ("sub_order",)
    search_fields = ("sub_order__number",)


@admin.register(ExchangeCredit)
class ExchangeCreditAdmin(ReadOnly):
    """Money of returns that pays for exchanges."""

    list_display = ("created_at", "order", "payment", "amount_minor", "currency", "status")
    list_filter = ("status",)
    list_select_related = ("order", "payment")
    search_fields = ("order__number", "payment__reference")


@admin.register(ReturnTerms)
class ReturnTermsAdmin(ReadOnly):
    """Days within which shops take units back."""

    list_display = ("shop", "days", "changed_at")
    list_select_related = ("shop",)
    search_fields = ("shop__slug",)


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    """Conversations of buyers and shops."""

    list_display = ("sub_order", "shop", "last_message_at", "is_answered")
    list_filter = ("is_answered",)
    list_select_related = ("sub_order", "shop")
    search_fields = ("sub_order__number", "shop__slug")


@admin.register(ConversationReader)
class ConversationReaderAdmin(ReadOnly):
    """Letters that wait for a side of a conversation."""

    list_display = ("conversation", "side", "due_at", "written_at", "attempts", "last_error")
    list_filter = ("side",)
    search_fields = ("conversation__sub_order__number",)


@admin.register(OrderMessage)
class OrderMessageAdmin(ReadOnly):
    """Messages between buyers and shops."""

    list_display = ("created_at", "sub_order", "side", "author", "read_by_buyer_at", "read_by_shop_at")
    list_filter = ("side",)
    list_select_related = ("sub_order", "author")
    search_fields = ("sub_order__number",)
