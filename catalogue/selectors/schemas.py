"""Shops that have products."""

from collections.abc import Sequence

from tenants.schemas.look_up import occupied_schemas


def schemas_with_goods(names: Sequence[str]) -> set[str]:
    """Return those of some schemas that hold products, or did."""
    return occupied_schemas(names, tables=["catalogue_product", "catalogue_variant"])
