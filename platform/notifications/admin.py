"""Notifications and e-mails in the raw admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin

from accounts.admin_access import OperatorsMayLook
from notifications.models import Email, Notification, TextMessage
from notifications.services.emails import retry_email


class ReadOnlyAdmin(ModelAdmin):
    """Read-only admin of sent notices."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Notification)
class NotificationAdmin(OperatorsMayLook, ReadOnlyAdmin):
    """Messages on the site."""

    list_display = ("title", "user", "kind", "created_at", "read_at")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("title", "user__email", "dedup_key")
    show_full_result_count = False


@admin.register(Email)
class EmailAdmin(ReadOnlyAdmin):
    """E-mails and their state; the text of a secret one is not shown."""

    list_display = ("subject", "to", "created_at", "sent_at", "given_up_at", "attempts", "last_error")
    list_filter = (("sent_at", admin.EmptyFieldListFilter), ("given_up_at", admin.EmptyFieldListFilter), "is_secret")
    search_fields = ("to", "subject", "dedup_key")
    show_full_result_count = False
    actions = ("send_again",)

    def get_exclude(self, request: HttpRequest, obj: Email | None = None) -> tuple[str, ...]:
        return ("text", "html") if obj is None or obj.is_secret else ("html",)

    @admin.action(description="Send again what was given up", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Email]) -> None:
        """Start again with those that were not sent."""
        for email_id in queryset.filter(sent_at__isnull=True).order_by("pk").values_list("pk", flat=True):
            retry_email(email_id=email_id, now=timezone.now())


@admin.register(TextMessage)
class TextMessageAdmin(ReadOnlyAdmin):
    """Messages to phones and their state; their texts are for their readers alone."""

    list_display = ("channel", "to", "created_at", "due_at", "sent_at", "given_up_at", "attempts", "last_error")
    list_filter = ("channel", ("sent_at", admin.EmptyFieldListFilter), ("given_up_at", admin.EmptyFieldListFilter))
    search_fields = ("to", "dedup_key")
    show_full_result_count = False
    exclude = ("text",)
    raw_id_fields = ("user",)
