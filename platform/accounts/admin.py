"""People and addresses in the raw admin."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from accounts.admin_access import OperatorsMayLook
from accounts.models import Address, User
from accounts.services.people import deactivate_user
from kit.text.cross_field_rules import ADDRESS, phone_of_market
from kit.text.forms import JudgedTogether

if TYPE_CHECKING:
    BaseUserAdmin = DjangoUserAdmin[User]
else:
    BaseUserAdmin = DjangoUserAdmin


if TYPE_CHECKING:
    PersonModelForm = UserChangeForm[User]
    AddressModelForm = forms.ModelForm[Address]
else:
    PersonModelForm, AddressModelForm = UserChangeForm, forms.ModelForm


class PersonForm(JudgedTogether, PersonModelForm):
    """A person in the raw admin; texts of earlier releases stay until they are edited."""

    together = (phone_of_market(),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = {"phone": self.instance.phone} if self.instance.pk else None


class AddressForm(JudgedTogether, AddressModelForm):
    """An address in the raw admin; texts of earlier releases stay until they are edited."""

    together = ADDRESS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {name for rule in ADDRESS for name in rule.fields}
        self.kept = {name: getattr(self.instance, name) for name in names} if self.instance.pk else None


@admin.register(User)
class UserAdmin(OperatorsMayLook, BaseUserAdmin, ModelAdmin):
    """People; they are deactivated, never deleted."""

    form = PersonForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "is_active", "is_operator", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_operator", "is_staff")
    search_fields = ("email", "name", "phone")
    ordering = ("-id",)
    readonly_fields = ("date_joined", "last_login")
    filter_horizontal = ("groups", "user_permissions")
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("name", "phone")}),
        ("Access", {"fields": ("is_active", "is_operator", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Leave the password's digest out for those who only look."""
        found = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        return ((None, {"fields": ("email",)}), *found[1:])

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save a person; one who is deactivated loses their tokens too."""
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data and not obj.is_active:
            deactivate_user(user_id=obj.pk)

    def has_delete_permission(self, request: object, obj: User | None = None) -> bool:
        """Refuse to delete people: orders and the ledger refer to them for ever."""
        return False


@admin.register(Address)
class AddressAdmin(OperatorsMayLook, ModelAdmin):
    """Addresses, for support."""

    form = AddressForm
    list_display = ("name", "user", "line1", "city", "state", "country", "is_default", "is_billing_default")
    list_filter = ("country",)
    list_select_related = ("user",)
    search_fields = ("name", "user__email", "line1", "city")
    raw_id_fields = ("user",)
    show_full_result_count = False
