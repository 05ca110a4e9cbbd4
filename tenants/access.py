"""Who may do what in a shop: the one permission matrix."""

from enum import Enum

from tenants.models import Role


class Capability(Enum):
    """Something that a member of a shop's staff may be allowed to do."""

    VIEW_DASHBOARD = "view_dashboard"
    VIEW_PRODUCTS = "view_products"
    MANAGE_PRODUCTS = "manage_products"
    MANAGE_STOCK = "manage_stock"
    IMPORT_PRODUCTS = "import_products"  # prices and stock at once: for those who may change both
    VIEW_ORDERS = "view_orders"
    FULFIL_ORDERS = "fulfil_orders"
    CANCEL_ORDERS = "cancel_orders"
    VIEW_BALANCE = "view_balance"
    MANAGE_PROFILE = "manage_profile"
    MANAGE_BANK_ACCOUNT = "manage_bank_account"
    MANAGE_STAFF = "manage_staff"
    MANAGE_INTEGRATIONS = "manage_integrations"
    MANAGE_DOMAINS = "manage_domains"
    MANAGE_STATUS = "manage_status"
    CLOSE_SHOP = "close_shop"
    VIEW_STAFF = "view_staff"
    VIEW_ACTIVITY = "view_activity"
    EXPORT_DATA = "export_data"
    LEAVE_SHOP = "leave_shop"


_EVERYBODY = frozenset(
    {Capability.VIEW_DASHBOARD, Capability.VIEW_PRODUCTS, Capability.VIEW_ORDERS, Capability.LEAVE_SHOP}
)
OWNERS_ONLY = frozenset(
    {
        Capability.MANAGE_BANK_ACCOUNT,
        Capability.MANAGE_STAFF,
        Capability.MANAGE_DOMAINS,
        Capability.EXPORT_DATA,
        Capability.CLOSE_SHOP,
    }
)
MATRIX: dict[Role, frozenset[Capability]] = {
    Role.OWNER: frozenset(Capability),
    Role.MANAGER: frozenset(Capability) - OWNERS_ONLY,
    Role.FULFILMENT: _EVERYBODY | {Capability.MANAGE_STOCK, Capability.FULFIL_ORDERS},
    Role.ACCOUNTANT: _EVERYBODY | {Capability.VIEW_BALANCE},
    Role.VIEWER: _EVERYBODY,
}


ROLE_SUMMARIES: dict[Role, str] = {
    Role.OWNER: "Everything, with staff, bank account and domains.",
    Role.MANAGER: "Runs the shop from day to day; not its staff, bank account or domains.",
    Role.FULFILMENT: "Packs and ships orders and keeps the stock right.",
    Role.ACCOUNTANT: "Sees orders and the balance; changes nothing.",
    Role.VIEWER: "Sees products and orders; changes nothing.",
}
CAPABILITY_LABELS: dict[Capability, str] = {
    Capability.VIEW_DASHBOARD: "See the dashboard",
    Capability.VIEW_PRODUCTS: "See products",
    Capability.MANAGE_PRODUCTS: "Add and change products",
    Capability.MANAGE_STOCK: "Count and change stock",
    Capability.IMPORT_PRODUCTS: "Import prices and stock from a file",
    Capability.VIEW_ORDERS: "See orders",
    Capability.FULFIL_ORDERS: "Pack and ship orders",
    Capability.CANCEL_ORDERS: "Cancel orders",
    Capability.VIEW_BALANCE: "See the balance",
    Capability.MANAGE_PROFILE: "Change profile and policies",
    Capability.MANAGE_BANK_ACCOUNT: "Change the bank account",
    Capability.MANAGE_STAFF: "Invite people, change roles",
    Capability.MANAGE_INTEGRATIONS: "Set up API keys and webhooks",
    Capability.MANAGE_DOMAINS: "Add and remove domains",
    Capability.MANAGE_STATUS: "Open the shop, go on holiday",
    Capability.CLOSE_SHOP: "Close the shop for good",
    Capability.VIEW_STAFF: "See who works here",
    Capability.VIEW_ACTIVITY: "See what was done, and by whom",
    Capability.EXPORT_DATA: "Take a copy of all data",
    Capability.LEAVE_SHOP: "Leave the shop",
}


def can(role: Role | None, capability: Capability) -> bool:
    """Say whether a role allows something; nobody's role allows nothing."""
    return role is not None and capability in MATRIX[role]
