"""The permission matrix."""

import pytest

from tenants.access import MATRIX, Capability, can
from tenants.models import Role


def test_every_role_has_a_row() -> None:
    assert set(MATRIX) == set(Role)


@pytest.mark.parametrize("capability", Capability)
def test_owner_may_do_everything_and_strangers_nothing(capability: Capability) -> None:
    assert can(Role.OWNER, capability)
    assert not can(None, capability)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_handle_staff_and_bank_account(role: Role) -> None:
    assert not can(role, Capability.MANAGE_STAFF)
    assert not can(role, Capability.MANAGE_BANK_ACCOUNT)


@pytest.mark.parametrize(
    ("role", "capability", "allowed"),
    [
        (Role.VIEWER, Capability.VIEW_ORDERS, True),
        (Role.VIEWER, Capability.FULFIL_ORDERS, False),
        (Role.VIEWER, Capability.VIEW_BALANCE, False),
        (Role.FULFILMENT, Capability.FULFIL_ORDERS, True),
        (Role.FULFILMENT, Capability.MANAGE_PRODUCTS, False),
        (Role.FULFILMENT, Capability.VIEW_BALANCE, False),
        (Role.ACCOUNTANT, Capability.VIEW_BALANCE, True),
        (Role.ACCOUNTANT, Capability.MANAGE_STOCK, False),
        (Role.MANAGER, Capability.MANAGE_PRODUCTS, True),
    ],
)
def test_roles_in_between(role: Role, capability: Capability, allowed: bool) -> None:
    assert can(role, capability) is allowed


def test_who_imports_prices_and_stock_may_change_both_one_by_one() -> None:
    for role in Role:
        if can(role, Capability.IMPORT_PRODUCTS):
            assert can(role, Capability.MANAGE_PRODUCTS)
            assert can(role, Capability.MANAGE_STOCK)
