"""Applications to open a shop: their fields, documents, decisions and messages."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kit.ids import access_key, uuid7
from kit.text.columns import CountryColumn, EmailColumn, LineColumn, NameColumn, PhoneColumn, ShortParagraphsColumn
from kit.text.parts import parts_index
from tenants.models.shops import Shop


class ApplicationStatus(models.TextChoices):
    """Status of an application."""

    DRAFT = "draft", _("Not sent yet")
    SUBMITTED = "submitted", _("Waiting for us")
    MORE_NEEDED = "more_needed", _("Waiting for the applicant")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Where the applicant's words are others than the operators'.
APPLICANT_LABELS: dict[str, Promise] = {
    ApplicationStatus.SUBMITTED: _("We are reading it"),
    ApplicationStatus.MORE_NEEDED: _("We wait for you"),
}


class BusinessKind(models.TextChoices):
    """Legal form of the business."""

    INDIVIDUAL = "individual", _("I sell in my own name")
    COMPANY = "company", _("A registered business or company")


class AccountState(models.TextChoices):
    """Result of the bank's check of an account."""

    MISSING = "missing", _("Not given yet")
    UNCHECKED = "unchecked", _("The bank has not answered yet")
    RESOLVED = "resolved", _("Confirmed by the bank")
    REFUSED = "refused", _("Unknown to the bank")


class DocumentKind(models.TextChoices):
    """Purpose of a document."""

    IDENTITY = "identity", _("Proof of identity")
    REGISTRATION = "registration", _("Proof of registration")
    OTHER = "other", _("Something else")


APPLICATION_PARTS = (
    Cast("id", models.TextField()), "shop_name", "slug", "legal_name", "contact_name", "email", "registration_number",
)  # fmt: skip


class ShopApplication(models.Model):
    """A request to open a shop, filled in step by step."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    access_key = models.CharField(max_length=32, default=access_key, editable=False, help_text="Lets a guest back in.")
    status = models.CharField(max_length=12, choices=ApplicationStatus, default=ApplicationStatus.DRAFT)

    shop_name = NameColumn(max_length=120)
    slug = models.SlugField(max_length=50, help_text="The address that is wished for.")
    country = CountryColumn(max_length=2, help_text="ISO 3166-1 alpha-2.")
    currency = models.CharField(max_length=3, help_text="ISO 4217.")
    what_is_sold = ShortParagraphsColumn(max_length=600)
    email = EmailColumn(max_length=254, help_text="In lower case.")
    language = models.CharField(max_length=10, blank=True, db_default="", help_text="Of the page where it began.")

    kind = models.CharField(max_length=12, choices=BusinessKind, blank=True)
    legal_name = NameColumn(max_length=160, blank=True)
    registration_number = LineColumn(max_length=40, blank=True)
    contact_name = NameColumn(max_length=120, blank=True)
    phone = PhoneColumn(max_length=32, blank=True)
    address = NameColumn(max_length=200, blank=True)
    city = NameColumn(max_length=100, blank=True)

    bank_code = LineColumn(max_length=20, blank=True)
    bank_name = LineColumn(max_length=120, blank=True)
    account_number = LineColumn(max_length=16, blank=True)
    account_name = LineColumn(max_length=160, blank=True, help_text="As the bank gave it.")
    account_state = models.CharField(max_length=12, choices=AccountState, default=AccountState.MISSING)
    account_at = models.DateTimeField(null=True, blank=True, help_text="When the bank was asked last.")

    shop = models.OneToOneField(Shop, on_delete=models.PROTECT, null=True, blank=True, related_name="application")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, help_text="When it was sent last.")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ApplicationStatus.values), name="application_status_known"),
            models.CheckConstraint(
                condition=Q(account_state__in=AccountState.values), name="application_account_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=["", *BusinessKind.values]), name="application_kind_known"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="application_email_lower"),
            models.CheckConstraint(condition=Q(slug__regex=r"^[a-z0-9-]+$"), name="application_slug_is_a_label"),
            models.CheckConstraint(
                condition=Q(status="approved", shop__isnull=False) | ~Q(status="approved") & Q(shop__isnull=True),
                name="application_shop_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(submitted_at__isnull=False) & ~Q(kind="") & ~Q(legal_name="") & ~Q(account_state="missing"),
                name="application_whole_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | ~Q(kind="company") | ~Q(registration_number=""),
                name="application_company_registered",
            ),
            models.CheckConstraint(
                condition=~Q(account_state="resolved") | ~Q(account_name="") & ~Q(account_number=""),
                name="application_account_named",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["approved", "refused"], decided_at__isnull=False)
                | ~Q(status__in=["approved", "refused"]) & Q(decided_at__isnull=True),
                name="application_decided_when",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(status__in=["submitted", "more_needed"]),
                name="application_one_for_an_address",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "submitted_at", "id"], name="application_queue"),
            models.Index(
                fields=["account_at", "id"], condition=Q(account_state="unchecked"), name="application_unchecked"
            ),
            parts_index("application_parts", *APPLICATION_PARTS),
        ]

    def __str__(self) -> str:
        return f"{self.shop_name} ({self.status})"

    @property
    def applicant_label(self) -> str:
        """Return the label of the status for the applicant."""
        return str(APPLICANT_LABELS.get(self.status, self.get_status_display()))

    @property
    def is_open(self) -> bool:
        """Return whether the applicant may change it."""
        return self.status in {ApplicationStatus.DRAFT, ApplicationStatus.MORE_NEEDED}

    @property
    def is_waiting(self) -> bool:
        """Return whether an operator is to decide."""
        return self.status == ApplicationStatus.SUBMITTED

    @property
    def is_company(self) -> bool:
        """Return whether a registered business applies."""
        return self.kind == BusinessKind.COMPANY


class ApplicationDocument(models.Model):
    """A document, kept in the private storage."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(ShopApplication, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    file = models.CharField(max_length=200, unique=True, help_text="A file in the private storage.")
    name = LineColumn(max_length=120, help_text="What the applicant calls it.")
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="In bytes.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="application_document_kind_known"),
            models.CheckConstraint(condition=Q(size__gt=0), name="application_document_not_empty"),
            models.CheckConstraint(
                condition=Q(content_type__in=["application/pdf", "image/jpeg", "image/png"]),
                name="application_document_type_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApplicationEntryKind(models.TextChoices):
    """Kind of an entry in an application's history."""

    STARTED = "started", _("Started")
    SUBMITTED = "submitted", _("Sent")
    MORE_ASKED = "more_asked", _("More was asked for")
    ANSWERED = "answered", _("Answered")
    ACCOUNT_CONFIRMED = "account_confirmed", _("Bank account confirmed")
    ACCOUNT_REFUSED = "account_refused", _("Bank account unknown to the bank")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ApplicationEntry(models.Model):
    """An entry of the history; appended, never changed."""

    application = models.ForeignKey(ShopApplication, on_delete=models.PROTECT, related_name="entries")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=ApplicationEntryKind)
    message = ShortParagraphsColumn(max_length=1000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ApplicationEntryKind.values), name="application_entry_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["more_asked", "refused"]) | ~Q(message=""), name="application_entry_says_why"
            ),
        ]
        indexes = [models.Index(fields=["application", "id"], name="application_entry_of")]
        verbose_name_plural = _("application entries")

    def __str__(self) -> str:
        return f"{self.kind} {self.application_id}"


class SetupStep(models.Model):
    """A step of a new shop's checklist that no other table shows."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="setup_steps")
    step = models.CharField(max_length=20)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "step"], name="setup_step_once"),
            models.CheckConstraint(condition=Q(step__in=["delivery", "preview"]), name="setup_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.shop_id}"
