"""Names of currencies for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kit.money import symbol_of

NAMES: dict[str, str | Promise] = {
    "NGN": _("Nigerian naira"),
    "GHS": _("Ghanaian cedi"),
    "KES": _("Kenyan shilling"),
    "ZAR": _("South African rand"),
    "XOF": _("West African CFA franc"),
    "USD": _("US dollar"),
    "ETB": _("Ethiopian birr"),
    "RWF": _("Rwandan franc"),
    "EGP": _("Egyptian pound"),
    "XAF": _("Central African CFA franc"),
    "UGX": _("Ugandan shilling"),
}


def currency_name(code: str) -> str:
    """Return a currency's name with its sign, such as `Nigerian naira (₦)`; its code where it has none."""
    name = NAMES.get(code)
    return f"{name} ({symbol_of(code)})" if name else code
