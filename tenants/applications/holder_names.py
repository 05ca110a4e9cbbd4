"""Comparison of the bank's name for an account with the applicant's: operators judge it, nothing is refused."""

from django.utils.translation import gettext

from kit.db.roles import as_platform
from kit.text.same_name import is_same_name
from tenants.models import Shop, ShopApplication


def name_difference(application: ShopApplication) -> str:
    """Return the holder's name of an application's account, if it differs from the applicant's; else an empty text."""
    return _difference(application.account_name, application.legal_name)


@as_platform()  # a shop's role may not read applications
def shop_name_difference(*, shop: Shop, holder_name: str) -> str:
    """Return the holder's name of a shop's account, if it differs from its application's; else an empty text.

    For a shop without an application, the shop's name counts.
    """
    legal_name = ShopApplication.objects.filter(shop_id=shop.pk).values_list("legal_name", flat=True).first()
    if legal_name:
        return _difference(holder_name, legal_name)
    if not holder_name or is_same_name(holder_name, shop.name):
        return ""
    words = gettext("The bank calls this account %(holder)s; the shop is called %(name)s.")
    return words % {"holder": holder_name, "name": shop.name}


def _difference(holder: str, name: str) -> str:
    if not holder or not name or is_same_name(holder, name):
        return ""
    words = gettext("The bank calls this account %(holder)s; the application names %(name)s.")
    return words % {"holder": holder, "name": name}
