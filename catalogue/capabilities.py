"""Capabilities of a shop's products and stock."""

from django.utils.translation import gettext_lazy

from tenants.access import EVERYBODY, MANAGERS, Capability
from tenants.models import Role

VIEW_PRODUCTS = Capability("view_products", gettext_lazy("See products"), EVERYBODY)
MANAGE_PRODUCTS = Capability("manage_products", gettext_lazy("Add and change products"), MANAGERS)
MANAGE_STOCK = Capability("manage_stock", gettext_lazy("Count and change stock"), MANAGERS | {Role.FULFILMENT})
# Prices and stock at once: for those who may change both.
IMPORT_PRODUCTS = Capability("import_products", gettext_lazy("Import prices and stock from a file"), MANAGERS)

CAPABILITIES = (VIEW_PRODUCTS, MANAGE_PRODUCTS, MANAGE_STOCK, IMPORT_PRODUCTS)
