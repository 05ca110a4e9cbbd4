"""Refusals of the catalogue."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError, InvalidInputError, NotFoundError


class ProductNotFoundError(NotFoundError):
    code = "product_not_found"
    default_message = gettext_lazy("This product is not in your shop.")


class VariantNotFoundError(NotFoundError):
    code = "variant_not_found"
    default_message = gettext_lazy("This variant is not in your shop.")


class ImageNotFoundError(NotFoundError):
    code = "image_not_found"
    default_message = gettext_lazy("This picture is not on the product.")


class SkuTakenError(InvalidInputError):
    code, status = "sku_taken", 409
    default_message = gettext_lazy("Another product of your shop already has this SKU.")


class StockBelowReservedError(ConflictError):
    code = "stock_below_reserved"
    default_message = gettext_lazy("Some of this stock is reserved for orders that are being paid.")


class StockMovedError(ConflictError):
    code = "stock_moved"
    default_message = gettext_lazy("The stock has moved since it was read. Look at it again before you count.")


class PriceMovedError(ConflictError):
    code = "price_moved"
    default_message = gettext_lazy("The price has changed since you loaded it. Check it again before you change it.")


class ImportFileError(InvalidInputError):
    code = "import_file"
    default_message = gettext_lazy("This file can't be read.")


class ImportNotFoundError(NotFoundError):
    code = "import_not_found"
    default_message = gettext_lazy("This import is not in your shop.")


class ImportStepError(ConflictError):
    code = "import_step"
    default_message = gettext_lazy("This import has changed in the meantime. Reload the page and try again.")
