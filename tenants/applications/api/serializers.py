"""Input and output of the API of applications."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from gateway.bank_accounts import masked
from kit.api.input import InputSerializer
from kit.text.serializers import (
    AccountNumberField,
    CountryField,
    CurrencyField,
    EmailField,
    LineField,
    NameField,
    ParagraphsField,
    PhoneField,
)
from tenants.applications.holder_names import name_difference
from tenants.applications.services.drafts import Business, RequestedShop
from tenants.applications.services.submission import missing_of
from tenants.models import (
    AccountState,
    ApplicationDocument,
    ApplicationEntry,
    ApplicationEntryKind,
    ApplicationStatus,
    BusinessKind,
    DocumentKind,
    ShopApplication,
)
from tenants.shops.slugs import LONGEST


class ShopSlugField(LineField):
    """An address that a shop may ask for; capitals are taken for small letters, and `check_slug` judges it."""

    def full_pattern(self) -> str:
        """Return the pattern of three letters, digits or single hyphens and more."""
        return "^[A-Za-z](?:-[A-Za-z0-9]|(?:-?[A-Za-z0-9]){2,})$"


class RequestedShopInput(InputSerializer):
    """The requested shop."""

    shop_name = NameField(max_length=120)
    slug = ShopSlugField(max_length=LONGEST, help_text="The requested address, in small letters.")
    what_is_sold = ParagraphsField(max_length=600)
    country = CountryField()
    currency = CurrencyField(among=settings.SHOP_CURRENCIES, help_text="ISO 4217; one that we pay out in.")
    email = EmailField()

    def validate_slug(self, value: str) -> str:
        """Take capitals for small letters."""
        return value.lower()


class BusinessInput(InputSerializer):
    """The business that applies."""

    kind = serializers.ChoiceField(choices=BusinessKind.choices)
    legal_name = NameField(max_length=160)
    registration_number = LineField(max_length=40, allow_blank=True, default="", help_text="Required of companies.")
    contact_name = NameField(max_length=120)
    phone = PhoneField()
    address = NameField(max_length=200)
    city = NameField(max_length=100)


class ChangeInput(InputSerializer):
    """Change of either step, or of both; a step is replaced as a whole."""

    shop = RequestedShopInput(required=False)
    wish = RequestedShopInput(required=False, help_text="The name of `shop` in release 0.1.")
    business = BusinessInput(required=False)

    def to_inputs(self) -> tuple[RequestedShop | None, Business | None]:
        """Return the steps that were sent."""
        data = self.validated_data
        shop, business = data.get("shop") or data.get("wish"), data.get("business")
        return RequestedShop(**shop) if shop else None, Business(**business) if business else None


class AccountInput(InputSerializer):
    """A bank account to ask the bank about."""

    bank_code = LineField(max_length=20, help_text="The `code` of one of `banks/`.")
    number = AccountNumberField(max_length=30, help_text="6 to 16 digits; spaces and hyphens between them don't count.")


class SubmitInput(InputSerializer):
    """A message with the application."""

    message = ParagraphsField(max_length=1000, allow_blank=True, default="")


class DocumentInput(InputSerializer):
    """A document to add."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file = serializers.FileField(max_length=255, allow_empty_file=True, help_text="PDF, JPEG or PNG; at most 5 MB.")


class DocumentOutput(serializers.ModelSerializer[ApplicationDocument]):
    """A document."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)

    class Meta:
        model = ApplicationDocument
        fields = ("id", "kind", "name", "content_type", "size", "created_at")
        read_only_fields = fields


class EntryOutput(serializers.ModelSerializer[ApplicationEntry]):
    """An entry of the history."""

    kind = serializers.ChoiceField(choices=ApplicationEntryKind.choices)

    class Meta:
        model = ApplicationEntry
        fields = ("kind", "message", "created_at")
        read_only_fields = fields


def entries_of(application: ShopApplication) -> list[ApplicationEntry]:
    """Return the history, oldest first; a list of applications has it prefetched."""
    return sorted(application.entries.all(), key=lambda entry: entry.pk)


class ApplicationOutput(serializers.ModelSerializer[ShopApplication]):
    """An application as the applicant sees it."""

    status = serializers.ChoiceField(choices=ApplicationStatus.choices)
    kind = serializers.ChoiceField(choices=BusinessKind.choices, allow_blank=True)
    account_status = serializers.ChoiceField(source="account_state", choices=AccountState.choices)
    account_number = serializers.SerializerMethodField(help_text="Its last four digits.")
    account_name_difference = serializers.SerializerMethodField(
        help_text="In words, where the bank calls the account another name than `legal_name`; else empty."
    )
    missing = serializers.SerializerMethodField(help_text="What is missing before it can be sent, by step.")
    documents = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField(help_text="Oldest first.")
    shop = ShopBriefOutput(allow_null=True, help_text="The shop once it is approved, else null.")

    class Meta:
        model = ShopApplication
        fields: tuple[str, ...] = (
            *("id", "status", "shop_name", "slug", "what_is_sold", "country", "currency", "email"),
            *("kind", "legal_name", "registration_number", "contact_name", "phone", "address", "city"),
            *("bank_code", "bank_name", "account_number", "account_name", "account_name_difference", "account_status"),
            *("missing", "documents", "history", "shop", "created_at", "submitted_at", "decided_at"),
        )
        read_only_fields = fields

    def get_account_number(self, application: ShopApplication) -> str:
        """Return the last digits of the number."""
        return masked(application.account_number)

    def get_account_name_difference(self, application: ShopApplication) -> str:
        """Return the holder's name if it differs from the applicant's."""
        return name_difference(application)

    def get_missing(self, application: ShopApplication) -> dict[str, list[str]]:
        """Return the missing fields."""
        return missing_of(application) if application.is_open else {}

    @extend_schema_field(DocumentOutput(many=True))
    def get_documents(self, application: ShopApplication) -> list[dict[str, Any]]:
        """Return the documents."""
        found = sorted(application.documents.all(), key=lambda each: (each.created_at, each.pk))
        return list(DocumentOutput(found, many=True).data)

    @extend_schema_field(EntryOutput(many=True))
    def get_history(self, application: ShopApplication) -> list[dict[str, Any]]:
        """Return the history."""
        return list(EntryOutput(entries_of(application), many=True).data)


class StartedOutput(ApplicationOutput):
    """A new application, and the key that a guest comes back with."""

    access_key = serializers.SerializerMethodField(help_text="Send it as X-Application-Key; empty for who signed in.")

    class Meta(ApplicationOutput.Meta):
        fields = ("access_key", *ApplicationOutput.Meta.fields)
        read_only_fields = fields

    def get_access_key(self, application: ShopApplication) -> str:
        """Return a guest's key."""
        return "" if application.applicant_id else application.access_key


class BankOutput(serializers.Serializer[Any]):
    """A bank."""

    code = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    kind = serializers.CharField(help_text="Such as nuban or mobile_money.")
