"""People and their addresses."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone

from kit.text.columns import CountryColumn, EmailColumn, LineColumn, NameColumn, PhoneColumn
from kit.text.countries import country_name
from kit.text.parts import parts_index
from kit.text.rules import clean_email


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; the address is kept in lower case."""
        user = self.model(email=clean_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator who may also use the raw admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, is_operator=True, **fields)


USER_PARTS = ("email", "name")


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; what they may do in a shop comes from memberships."""

    email = EmailColumn(max_length=254, unique=True)
    name = NameColumn(max_length=120, blank=True)
    phone = PhoneColumn(max_length=32, blank=True)
    time_zone = models.CharField(
        max_length=40, blank=True, db_default="", help_text="In which times are shown; empty: that of the address."
    )
    language = models.CharField(
        max_length=10, blank=True, db_default="", help_text="Of pages, letters and messages; empty: the browser's."
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the raw admin.")
    is_operator = models.BooleanField(default=False, help_text="Works for the platform.")
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    ended_families: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        editable=False,
        help_text="Families of tokens that were ended, each with the moment when its last access token is over.",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower"),
        ]
        indexes = [parts_index("user_parts", *USER_PARTS)]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        """Return the first name, or the part of the address before the @."""
        return self.name.split(" ")[0] if self.name else self.email.split("@")[0]


class Address(models.Model):
    """An address in a person's address book."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    name = NameColumn(max_length=120)
    line1 = NameColumn(max_length=200)
    line2 = LineColumn(max_length=200, blank=True)
    city = NameColumn(max_length=100)
    state = NameColumn(max_length=100, blank=True, help_text="State, region or county by name.")
    subdivision = LineColumn(
        max_length=6, blank=True, db_default="", help_text="Its ISO 3166-2 code; empty where it was entered as a text."
    )
    country = CountryColumn(max_length=2, help_text="ISO 3166-1 alpha-2.")
    postcode = LineColumn(max_length=20, blank=True)
    phone = PhoneColumn(max_length=32)
    is_default = models.BooleanField(default=False)
    is_billing_default = models.BooleanField(
        default=False, db_default=False, help_text="Orders are billed here; none: where they are delivered."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_default=True), name="address_one_default_each"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_billing_default=True), name="address_one_billing_default_each"
            ),
            models.CheckConstraint(condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="address_country_code"),
            models.CheckConstraint(
                condition=models.Q(subdivision="") | models.Q(subdivision__regex=r"^[A-Z]{2}-[A-Z0-9]{1,3}$"),
                name="address_subdivision_code",
            ),
        ]
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return f"{self.name}, {self.line1}, {self.city}"

    @property
    def country_name(self) -> str:
        """Return the country's name for display."""
        return country_name(self.country)
