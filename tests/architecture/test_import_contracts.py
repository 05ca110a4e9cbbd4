"""The contracts of pyproject.toml hold, and each catches an import that breaks it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import grimp
import pytest
from importlinter.contracts.layers import LayersContract

from tests.architecture.test_import_cycles import SETTINGS

CHECKOUT, TENANCY, APPS, INSIDE = "Checkout", "Tenancy", "Apps know only", "Inside an app"
BROKEN = [
    (CHECKOUT, "checkout.fulfilment.services.advance", "checkout.models.orders"),
    (CHECKOUT, "checkout.fulfilment.status", "checkout.errors"),
    (CHECKOUT, "checkout.fulfilment.services.restored_records", "checkout.orders.selectors"),
    (CHECKOUT, "checkout.orders.selectors", "checkout.placing.place_order"),
    (CHECKOUT, "checkout.payments.confirm_payment", "checkout.fulfilling.advance_part"),
    (CHECKOUT, "checkout.cart.store", "checkout.views.carts"),
    (TENANCY, "tenants.shops.selectors", "tenants.schemas.state"),
    (TENANCY, "tenants.hosts.look_up", "tenants.life.closing"),
    (APPS, "tenants.models.shops", "checkout.fulfilment.status"),
    (APPS, "kit.work.outbox", "checkout.models.orders"),
    (APPS, "demo.load", "runtime.datadir"),
    (APPS, "runtime.up.launch", "replay.source"),
    (INSIDE, "checkout.fulfilment.models", "checkout.fulfilment.services.advance"),
    (INSIDE, "payouts.services.posting", "payouts.admin"),
]


@lru_cache(maxsize=1)
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*SETTINGS["root_packages"], cache_dir=None)


def is_kept(name: str, changed: Any) -> bool:
    """Return whether imports keep the contract whose name begins so."""
    [options] = [contract for contract in SETTINGS["contracts"] if contract["name"].startswith(name)]
    contract = LayersContract(
        name=options["name"],
        session_options={"root_packages": SETTINGS["root_packages"]},
        contract_options={key: _as_read(value) for key, value in options.items() if key not in {"name", "type"}},
    )
    return bool(contract.check(changed, verbose=False).kept)


def _as_read(value: Any) -> Any:
    """Give an option the form in which import-linter reads it from TOML."""
    return str(value) if isinstance(value, bool) else value


@pytest.mark.parametrize("name", [CHECKOUT, TENANCY, APPS, INSIDE])
def test_contracts_hold(name: str) -> None:
    assert is_kept(name, graph())


@pytest.mark.parametrize(("name", "importer", "imported"), BROKEN)
def test_an_import_that_breaks_a_contract_is_caught(name: str, importer: str, imported: str) -> None:
    assert {importer, imported} <= graph().modules
    graph().add_import(importer=importer, imported=imported)
    try:
        assert not is_kept(name, graph())
    finally:
        graph().remove_import(importer=importer, imported=imported)
