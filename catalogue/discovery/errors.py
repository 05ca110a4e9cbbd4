"""Refusals of discovery."""

from django.utils.translation import gettext_lazy

from kit.errors import InvalidInputError, NotFoundError


class ListingNotFoundError(NotFoundError):
    code = "listing_not_found"
    default_message = gettext_lazy("This product is not on sale, or there is no such product.")


class ShopNotFoundError(NotFoundError):
    code = "shop_not_found"
    default_message = gettext_lazy("This shop is closed, or there is no such shop.")


class ShopClosedError(NotFoundError):
    code = "shop_closed"
    default_message = gettext_lazy("This shop is closed.")


class CategoryNotFoundError(NotFoundError):
    code = "category_not_found"
    default_message = gettext_lazy("There is no such category.")


class CategoryCycleError(InvalidInputError):
    code, status = "category_cycle", 409
    default_message = gettext_lazy("A category can't be placed below itself.")
