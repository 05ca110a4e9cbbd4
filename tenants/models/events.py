"""Audit trail of a shop: each event with its actor."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from kit.text.columns import LineColumn
from tenants.models.shops import Shop


class ShopEventKind(models.TextChoices):
    """Kind of an entry in a shop's audit trail."""

    PROVISIONED = "shop.provisioned", gettext_lazy("Shop opened")
    STATUS_CHANGED = "shop.status_changed", gettext_lazy("Status changed")
    PROFILE_CHANGED = "shop.profile_changed", gettext_lazy("Profile changed")
    EXPORT_ASKED = "shop.export_asked", gettext_lazy("Export asked for")
    EXPORT_DOWNLOADED = "shop.export_downloaded", gettext_lazy("Export downloaded")
    EXPORTED = "shop.exported", gettext_lazy("Data exported")
    RESTORED = "shop.restored", gettext_lazy("Data restored")
    MEMBER_INVITED = "member.invited", gettext_lazy("Person invited")
    INVITATION_REVOKED = "member.invitation_revoked", gettext_lazy("Invitation withdrawn")
    INVITATION_DECLINED = "member.invitation_declined", gettext_lazy("Invitation declined")
    MEMBER_JOINED = "member.joined", gettext_lazy("Person joined")
    ROLE_CHANGED = "member.role_changed", gettext_lazy("Role changed")
    MEMBER_REMOVED = "member.removed", gettext_lazy("Person removed")
    MEMBER_LEFT = "member.left", gettext_lazy("Person left")
    DOMAIN_CLAIMED = "domain.claimed", gettext_lazy("Domain added")
    DOMAIN_VERIFIED = "domain.verified", gettext_lazy("Domain verified")
    DOMAIN_MADE_PRIMARY = "domain.made_primary", gettext_lazy("Domain made primary")
    DOMAIN_REMOVED = "domain.removed", gettext_lazy("Domain removed")
    DOMAIN_MISSING = "domain.missing", gettext_lazy("Domain’s proof missing")
    DOMAIN_LAPSED = "domain.lapsed", gettext_lazy("Domain taken off")
    IMPORT_CONFIRMED = "import.confirmed", gettext_lazy("Import of prices and stock started")
    IMPORT_CANCELLED = "import.cancelled", gettext_lazy("Import of prices and stock stopped")
    IMPORT_UNDONE = "import.undone", gettext_lazy("Import of prices and stock taken back")
    RESERVATION_RELEASED = "order.reservation_released", gettext_lazy("Unpaid order released")
    STEP_UNDONE = "order.step_undone", gettext_lazy("Step of an order undone")
    TRACKING_CHANGED = "order.tracking_changed", gettext_lazy("Tracking changed")
    UNITS_CANCELLED = "order.units_cancelled", gettext_lazy("Items of a paid order cancelled")
    PART_REFUNDED = "order.refunded", gettext_lazy("Money of an order given back")
    RETURN_TERMS_CHANGED = "return_terms.changed", gettext_lazy("Days for returns changed")
    COMMISSION_CHANGED = "shop.commission_changed", gettext_lazy("Commission changed")
    COUPON_MADE = "coupon.made", gettext_lazy("Coupon made")
    COUPON_CHANGED = "coupon.changed", gettext_lazy("Coupon changed")
    COUPON_DELETED = "coupon.deleted", gettext_lazy("Coupon deleted")
    OFFER_MADE = "offer.made", gettext_lazy("Automatic offer made")
    OFFER_CHANGED = "offer.changed", gettext_lazy("Automatic offer changed")
    OFFER_DELETED = "offer.deleted", gettext_lazy("Automatic offer deleted")
    BANK_ACCOUNT_CHANGED = "bank_account.changed", gettext_lazy("Bank account changed")


class ShopEvent(models.Model):
    """One entry; appended, never changed."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40, help_text="A ShopEventKind.")
    subject = LineColumn(max_length=254, blank=True, help_text="What it was done to: an address, a host.")
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="shop_event_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def label(self) -> str:
        """Return the label of the event; a kind that this release does not know is shown as stored."""
        return str(ShopEventKind(self.kind).label) if self.kind in ShopEventKind.values else self.kind
