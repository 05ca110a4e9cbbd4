"""Messages between a buyer and a shop about the shop's part of an order."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy

from checkout.models.photos import PrivatePhoto
from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from kit.text.columns import ParagraphsColumn

LONGEST_MESSAGE = 2_000


class MessageSide(models.TextChoices):
    """Side that writes or reads messages."""

    BUYER = "buyer", gettext_lazy("Buyer")
    SHOP = "shop", gettext_lazy("Shop")
    OPERATOR = "operator", gettext_lazy("Market")


class Conversation(models.Model):
    """State of what a buyer and a shop write to each other; its row is locked for each change of it."""

    sub_order = models.OneToOneField(
        "checkout.SubOrder", on_delete=models.PROTECT, primary_key=True, related_name="conversation"
    )
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    is_answered = models.BooleanField(help_text="The shop has written since the buyer last did.")
    last_message_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-last_message_at", "-sub_order"], name="conversation_of_shop"),
            models.Index(fields=["shop", "is_answered", "-last_message_at"], name="conversation_to_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.sub_order_id}"


class ConversationReader(LeasedWork):
    """Letters to one side of a conversation: `due_at` is the time of the next one, where one waits."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, db_index=False, related_name="readers")
    side = models.CharField(max_length=8, choices=MessageSide)
    written_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last letter was written since this side has opened the conversation."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "side"], name="conversation_reader_once"),
            models.CheckConstraint(condition=Q(side__in=["buyer", "shop"]), name="conversation_reader_side"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="conversation_letter_due")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.side}"


class OrderMessage(models.Model):
    """A message, as it was written; `checkout.messaging.shown` says what the other side sees of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sub_order = models.ForeignKey(
        "checkout.SubOrder", on_delete=models.PROTECT, db_index=False, related_name="messages"
    )
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    side = models.CharField(max_length=8, choices=MessageSide)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="Empty: a guest.",
    )
    text = ParagraphsColumn(blank=True, help_text="Empty once its buyer was forgotten.")
    created_at = models.DateTimeField()
    read_by_buyer_at = models.DateTimeField(null=True, blank=True)
    read_by_shop_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text="When its text and photos were removed.")

    class Meta:
        verbose_name = "message"
        constraints = [
            models.CheckConstraint(condition=Q(side__in=MessageSide.values), name="message_side_known"),
            models.CheckConstraint(condition=~Q(text="") | Q(forgotten_at__isnull=False), name="message_has_text"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), LONGEST_MESSAGE), name="message_within_length"
            ),
            models.CheckConstraint(
                condition=Q(side="buyer", read_by_buyer_at__isnull=False)
                | Q(side="shop", read_by_shop_at__isnull=False)
                | ~Q(side__in=["buyer", "shop"]),
                name="message_read_by_its_side",
            ),
        ]
        indexes = [
            models.Index(fields=["sub_order", "-id"], name="message_of_part"),
            models.Index(fields=["sub_order"], condition=Q(read_by_buyer_at__isnull=True), name="message_new_to_buyer"),
            models.Index(
                fields=["shop", "sub_order"], condition=Q(read_by_shop_at__isnull=True), name="message_new_to_shop"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_order_id}: {self.side}"


class MessagePhoto(PrivatePhoto):
    """A picture that was sent with a message, or is about to be."""

    FOLDER = "messages"

    side = models.CharField(max_length=8, choices=MessageSide)
    shop = models.ForeignKey(
        "tenants.Shop", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    message = models.ForeignKey(OrderMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="photos")

    class Meta(PrivatePhoto.Meta):
        constraints = [
            models.UniqueConstraint(fields=["file"], name="message_photo_file_once"),
            models.CheckConstraint(
                condition=Q(side="buyer", shop__isnull=True) | Q(side="shop", shop__isnull=False),
                name="message_photo_side",
            ),
        ]
