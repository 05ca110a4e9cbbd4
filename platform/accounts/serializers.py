"""Input and output of the account API."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts import selectors
from accounts.access import django_request
from accounts.models import Address, User
from accounts.services.addresses import AddressInput
from accounts.services.credentials import check_credentials
from accounts.services.proof import faults_of
from accounts.services.roles import roles_of
from kit.api.input import InputSerializer
from kit.api.lists import PageOutput
from kit.text.countries import DEFAULT_COUNTRY
from kit.text.serializers import (
    CountryField,
    EmailField,
    LineField,
    NameField,
    PhoneField,
    SecretField,
    SubdivisionField,
)

EXAMPLE_USER = {
    "id": 42,
    "email": "amina@example.com",
    "name": "Amina Bello",
    "phone": "+2348031234567",
    "is_operator": False,
    "is_email_verified": True,
    "roles": [
        {
            "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
            "role": "owner",
            "dashboard_url": "https://indigo-fabrics.kasuwa.example/dashboard/",
        }
    ],
    "joined_at": "2025-11-21T08:30:00.000Z",
}
EXAMPLE_TOKENS = {"access": "eyJhbGciOiJIUzI1NiJ9.access", "refresh": "eyJhbGciOiJIUzI1NiJ9.refresh"}
PASSWORD_STYLE = {"input_type": "password"}
LONGEST_TOKEN = 2000
LEAST_PASSWORD = 10  # AUTH_PASSWORD_VALIDATORS


@extend_schema_field(
    {
        "type": "string",
        "format": "password",
        "writeOnly": True,
        "maxLength": 128,
        "description": "At least 10 characters: no common password, and not much like the name or the address.",
    }
)
class NewPasswordField(SecretField):
    """A password to be set; `validate_password` judges it."""

    def pattern(self) -> str:
        """Return the pattern of the least length."""
        return rf"^[^\u0000]{{{LEAST_PASSWORD},}}$"


class ShopBriefOutput(serializers.Serializer[Any]):
    """A shop by name."""

    slug = serializers.CharField()
    name = serializers.CharField()


class RoleOutput(serializers.Serializer[Any]):
    """A role in one shop."""

    shop = ShopBriefOutput()
    role = serializers.CharField(help_text="owner, manager, fulfilment, accountant or viewer.")
    dashboard_url = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("A shop's owner", value=EXAMPLE_USER, response_only=True)])
class UserOutput(InputSerializer, serializers.ModelSerializer[User]):
    """The person who has signed in; `name` and `phone` can be changed."""

    name = NameField(max_length=120, required=False)
    phone = PhoneField(
        required=False, allow_blank=True, help_text="With its country's code, or as it is dialled in Nigeria."
    )
    is_email_verified = serializers.SerializerMethodField()
    joined_at = serializers.DateTimeField(source="date_joined", read_only=True)
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "email", "name", "phone", "is_operator", "is_email_verified", "roles", "joined_at")
        read_only_fields = ("id", "email", "is_operator", "joined_at")

    def get_is_email_verified(self, user: User) -> bool:
        return selectors.is_email_verified(user=user)

    @extend_schema_field(RoleOutput(many=True))
    def get_roles(self, user: User) -> Any:
        return RoleOutput(roles_of(user), many=True).data


@extend_schema_serializer(
    examples=[OpenApiExample("Signed in", value=EXAMPLE_TOKENS | {"user": EXAMPLE_USER}, response_only=True)]
)
class SignedInOutput(serializers.Serializer[Any]):
    """Tokens, and whose they are."""

    access = serializers.CharField(help_text="Send it as `Authorization: Bearer …`; good for 15 minutes.")
    refresh = serializers.CharField(help_text="Trade it once for a new pair; good for 14 days.")
    user = UserOutput()


class TokenPairOutput(serializers.Serializer[Any]):
    """A pair of tokens."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class RefreshInput(InputSerializer):
    """A refresh token."""

    refresh = SecretField(max_length=LONGEST_TOKEN)


class TokenInput(InputSerializer):
    """An access or a refresh token."""

    token = SecretField(max_length=LONGEST_TOKEN)


class RegisterInput(InputSerializer):
    """A request for an account; `password`, or `password1` and `password2` for forms that ask twice."""

    email = EmailField()
    password = NewPasswordField(required=False, style=PASSWORD_STYLE)
    password1 = NewPasswordField(required=False, style=PASSWORD_STYLE)
    password2 = NewPasswordField(required=False, style=PASSWORD_STYLE)
    name = NameField(required=False, max_length=120, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        field = "password" if "password" in attrs else "password1"
        password = attrs.get(field)
        if password is None:
            raise serializers.ValidationError({"password": [gettext("This field is required.")]}, code="one_required")
        if attrs.get("password2", password) != password:
            raise serializers.ValidationError(
                {"password2": [gettext("The two passwords are not the same.")]}, code="not_the_same"
            )
        try:
            validate_password(password, User(email=attrs["email"], name=attrs["name"]))
        except DjangoValidationError as error:
            raise serializers.ValidationError({field: faults_of(error)}) from error
        return {"email": attrs["email"], "password": password, "name": attrs["name"]}


class RegistrationOutput(serializers.Serializer[Any]):
    """The signed registration, for the program that sent the form."""

    registration = serializers.CharField(
        help_text="Send it with the letter's key to `registration/finish/`; nobody else's password counts there."
    )


class FinishRegistrationInput(InputSerializer):
    """The key at the end of the letter's link, and what `registration/` answered or a new password."""

    key = SecretField(max_length=LONGEST_TOKEN)
    registration = SecretField(required=False, max_length=LONGEST_TOKEN, default="")
    new_password = SecretField(required=False, default=None, style=PASSWORD_STYLE)
    name = NameField(required=False, max_length=120, default="", help_text="With a new password: how you are called.")


@extend_schema_serializer(
    examples=[OpenApiExample("Sign in", value={"email": "amina@example.com", "password": "four harmattan kites"})]
)
class LoginInput(InputSerializer):
    """E-mail address and password."""

    email = EmailField()
    password = SecretField(style=PASSWORD_STYLE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        request = django_request(self.context["request"])
        return {"user": check_credentials(request=request, email=attrs["email"], password=attrs["password"])}


class PasswordChangeInput(InputSerializer):
    """The current password and a new one."""

    old_password = SecretField(style=PASSWORD_STYLE)
    new_password1 = NewPasswordField(style=PASSWORD_STYLE)
    new_password2 = SecretField(required=False, style=PASSWORD_STYLE, help_text="The same, if sent.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("new_password2", attrs["new_password1"]) != attrs["new_password1"]:
            raise serializers.ValidationError(
                {"new_password2": [gettext("The two passwords are not the same.")]}, code="not_the_same"
            )
        return attrs


class PasswordResetConfirmInput(PasswordChangeInput):
    """The link's two parts and a new password: the link ends in `<uid>-<token>/`."""

    old_password = None  # type: ignore[assignment]
    uid = SecretField(max_length=20)
    token = SecretField(max_length=100)


class EmailInput(InputSerializer):
    """An e-mail address."""

    email = EmailField()


class VerifyEmailInput(InputSerializer):
    """The key at the end of the letter's link, and a new password unless the account's owner has signed in."""

    key = SecretField(max_length=300)
    new_password = SecretField(
        required=False,
        default=None,
        style=PASSWORD_STYLE,
        help_text="Needed without the account's own token: the password that it had is no longer good.",
    )


STATE = (
    "Name of the state, region or county, or its code; answered as the name. `GET /places/` lists them. Needed where "
    "addresses of the country have one, as in Nigeria."
)
PHONE = "As it is dialled in the country, such as 0803 123 4567, or with its country's code; answered as E.164."


class PostalAddressFields(InputSerializer):
    """The fields of an address, with the same rules in the address book and on orders."""

    name = NameField(max_length=120)
    line1 = NameField(max_length=200)
    line2 = LineField(max_length=200, required=False, allow_blank=True)
    city = NameField(max_length=100)
    state = NameField(max_length=100, default="", allow_blank=True, help_text=STATE)
    subdivision = SubdivisionField(default="", allow_blank=True)
    country = CountryField()
    postcode = LineField(max_length=20, required=False, allow_blank=True)
    phone = PhoneField(help_text=PHONE)


EXAMPLE_ADDRESS = {
    "name": "Amina Bello",
    "line1": "12 Ring Road",
    "line2": "",
    "city": "Ibadan",
    "state": "Oyo",
    "subdivision": "NG-OY",
    "country": "NG",
    "postcode": "200223",
    "phone": "+2348031234567",
    "is_default": True,
    "is_billing_default": False,
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("Ibadan", request_only=True, value=EXAMPLE_ADDRESS),
        OpenApiExample("The address", response_only=True, value={"id": 12, **EXAMPLE_ADDRESS}),
    ]
)
class AddressSerializer(PostalAddressFields, serializers.ModelSerializer[Address]):
    """An address in the address book."""

    country = CountryField(default=DEFAULT_COUNTRY)
    is_default = serializers.BooleanField(
        default=False, help_text="Orders are delivered here; setting it takes it from the other one."
    )
    is_billing_default = serializers.BooleanField(
        default=False, help_text="Orders are billed here; where no address is, they are billed to where they go."
    )

    class Meta:
        model = Address
        fields = (
            "id",
            "name",
            "line1",
            "line2",
            "city",
            "state",
            "subdivision",
            "country",
            "postcode",
            "phone",
            "is_default",
            "is_billing_default",
        )
        read_only_fields = ("id",)

    def to_input(self, address: Address | None = None) -> AddressInput:
        """Return the address as sent, over what is there already."""
        values = {name: getattr(address, name) for name in AddressInput.__dataclass_fields__} if address else {}
        sent = {name: value for name, value in self.validated_data.items() if name in AddressInput.__dataclass_fields__}
        for one, other in (("state", "subdivision"), ("subdivision", "state")):
            if one in sent and other not in sent:
                values[other] = ""
        return AddressInput(**(values | sent))


class AddressPageOutput(PageOutput):
    """A page of the address book."""

    results = AddressSerializer(many=True)
