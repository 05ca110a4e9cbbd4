"""Find shops' schemas that differ from their records."""

from collections.abc import Callable, Iterable

from tenants.errors import ArtefactError
from tenants.schemas.artefact import load_artefact
from tenants.schemas.build import describe_artefact, describe_shop, differences
from tenants.schemas.describe import SchemaDescription
from tenants.schemas.state import ShopState

NAMES = ("the artefact", "the shop")


def find_drift(shops: Iterable[ShopState], *, advance: Callable[[], None] = lambda: None) -> dict[str, list[str]]:
    """Compare schemas with the artefact; return lines of a diff by schema, for those that differ.

    Shops that lag behind are left out: they differ, and it is known why.

    Raises:
        ArtefactError: the artefact is missing, or no longer what the migrations build.
    """
    expected = describe_artefact(load_artefact())
    found = {}
    for shop in shops:
        if not shop.pending and not shop.is_missing and (lines := _differences(shop.schema_name, expected)):
            found[shop.schema_name] = lines
        advance()
    return found


def _differences(schema_name: str, expected: SchemaDescription) -> list[str]:
    try:
        described = describe_shop(schema_name)
    except ArtefactError as error:
        return [f"+{error.message}"]
    return [] if described == expected else _own_only(differences(expected, described, names=NAMES))


def _own_only(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]
