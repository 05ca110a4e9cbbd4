"""The permission matrix."""

import pytest

from catalogue.capabilities import IMPORT_PRODUCTS, MANAGE_PRODUCTS, MANAGE_STOCK
from checkout.capabilities import FULFIL_ORDERS, VIEW_ORDERS
from payouts.capabilities import MANAGE_BANK_ACCOUNT, VIEW_BALANCE
from tenants.access import Capability, all_capabilities, can
from tenants.capabilities import MANAGE_STAFF
from tenants.models import Role


def test_the_whole_matrix() -> None:
    everybody = {"view_dashboard", "view_products", "view_orders", "view_coupons", "leave_shop"}
    owners = {"manage_bank_account", "manage_staff", "manage_domains", "export_data", "close_shop"}
    everything = everybody | owners | {
        "manage_products", "manage_stock", "import_products", "fulfil_orders", "cancel_orders", "refund_orders",
        "answer_messages", "answer_disputes", "request_payout",
        "view_balance",
        "manage_profile", "manage_integrations", "manage_status", "manage_coupons", "view_staff", "view_activity",
    }  # fmt: skip
    written = {
        Role.OWNER: everything,
        Role.MANAGER: everything - owners,
        Role.FULFILMENT: everybody | {"manage_stock", "fulfil_orders", "answer_messages"},
        Role.ACCOUNTANT: everybody | {"view_balance"},
        Role.VIEWER: everybody,
    }
    declared = {role: {one.name for one in all_capabilities() if can(role, one)} for role in Role}
    differing = {role.value: sorted(declared[role] ^ written[role]) for role in Role if declared[role] != written[role]}
    assert differing == {}, "Each stands in CAPABILITIES of its app's capabilities.py, and in the sets above."


@pytest.mark.parametrize("capability", all_capabilities(), ids=lambda capability: capability.name)
def test_owner_may_do_everything_and_strangers_nothing(capability: Capability) -> None:
    assert can(Role.OWNER, capability)
    assert not can(None, capability)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_handle_staff_and_bank_account(role: Role) -> None:
    assert not can(role, MANAGE_STAFF)
    assert not can(role, MANAGE_BANK_ACCOUNT)


@pytest.mark.parametrize(
    ("role", "capability", "allowed"),
    [
        (Role.VIEWER, VIEW_ORDERS, True),
        (Role.VIEWER, FULFIL_ORDERS, False),
        (Role.VIEWER, VIEW_BALANCE, False),
        (Role.FULFILMENT, FULFIL_ORDERS, True),
        (Role.FULFILMENT, MANAGE_PRODUCTS, False),
        (Role.FULFILMENT, VIEW_BALANCE, False),
        (Role.ACCOUNTANT, VIEW_BALANCE, True),
        (Role.ACCOUNTANT, MANAGE_STOCK, False),
        (Role.MANAGER, MANAGE_PRODUCTS, True),
    ],
)
def test_roles_in_between(role: Role, capability: Capability, allowed: bool) -> None:
    assert can(role, capability) is allowed


def test_who_imports_prices_and_stock_may_change_both_one_by_one() -> None:
    for role in Role:
        if can(role, IMPORT_PRODUCTS):
            assert can(role, MANAGE_PRODUCTS)
            assert can(role, MANAGE_STOCK)
