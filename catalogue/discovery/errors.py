"""Refusals of discovery."""

from kit.errors import InvalidInputError, NotFoundError


class ListingNotFoundError(NotFoundError):
    code = "listing_not_found"
    default_message = "This product is not on sale, or there is no such product."


class ShopNotFoundError(NotFoundError):
    code = "shop_not_found"
    default_message = "This shop is closed, or there is no such shop."


class ShopClosedError(NotFoundError):
    code = "shop_closed"
    default_message = "This shop is closed."


class CategoryNotFoundError(NotFoundError):
    code = "category_not_found"
    default_message = "There is no such category."


class CategoryCycleError(InvalidInputError):
    code = "category_cycle"
    default_message = "A category can't be placed below itself."
