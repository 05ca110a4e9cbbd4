"""A shop as the seller that its papers name."""

from typing import Any

from tenants.models import Shop, ShopApplication


def seller_of(*, shop: Shop, is_registered: bool) -> dict[str, Any]:
    """Return the name and address of a shop's owner, as they were given when the shop was opened.

    The street of people who sell in their own name is told where they charge tax, as its law asks, and else is theirs.
    """
    given = ShopApplication.objects.filter(shop_id=shop.pk).first()
    is_told = given is not None and (given.is_company or is_registered)
    return {
        "name": shop.name,
        "legal_name": given.legal_name if given else "",
        "registration_number": given.registration_number if given else "",
        "address": {
            "line1": given.address if given and is_told else "",
            "city": (given.city if given else "") or shop.city,
            "country": shop.country,
        },
        "email": shop.contact_email,
        "phone": shop.contact_phone,
    }
