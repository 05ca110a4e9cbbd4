"""Options in the snapshots of orders: pairs in order, as they are stored since objects lose it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from catalogue.selectors.option_names import option_names
from kit.db.sql import execute, fetch_all
from kit.db.statements import load_statement
from kit.text.pairs import in_order, pairs_of
from tenants.schemas.look_up import list_shop_schemas

AT_ONCE = 500
FIRST = UUID(int=0)
OBJECTS = load_statement(__package__, "snapshots_with_objects")
WRITE = """
UPDATE public.checkout_suborder AS part SET lines = n.after::jsonb
  FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS n (id, before, after)
 WHERE part.id = n.id AND part.lines = n.before::jsonb
"""
Names = Mapping[tuple[int, UUID], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    part_id: UUID
    shop_id: int
    lines: Sequence[dict[str, Any]]


def pair_snapshots() -> int:
    """Write the options in snapshots as pairs, in the order of the shop's product where it has one; return how many.

    Nothing else of a snapshot changes: its texts are what the buyer was shown.
    """
    done, after = 0, FIRST
    schemas = {shop.shop_id: shop.schema_name for shop in list_shop_schemas() if shop.exists}
    while rows := fetch_all(OBJECTS, {"after": after, "limit": AT_ONCE}):
        found = [_Snapshot(part_id, shop_id, json.loads(lines)) for part_id, shop_id, lines in rows]
        names = _names(found, schemas)
        with transaction.atomic():
            done += execute(
                WRITE,
                [
                    [snapshot.part_id for snapshot in found],
                    [json.dumps(snapshot.lines) for snapshot in found],
                    [
                        json.dumps([_paired(snapshot.shop_id, line, names) for line in snapshot.lines])
                        for snapshot in found
                    ],
                ],
            )
        after = found[-1].part_id
    return done


def _paired(shop_id: int, line: dict[str, Any], names: Names) -> dict[str, Any]:
    options = line.get("options")
    if not isinstance(options, dict):
        return line
    return line | {"options": in_order(pairs_of(options), names.get((shop_id, UUID(line["product_id"])), ()))}


def _names(found: Iterable[_Snapshot], schemas: Mapping[int, str]) -> Names:
    """Return the order of options by shop and product, where there are several and the shop's schema is there."""
    wanted: defaultdict[int, set[UUID]] = defaultdict(set)
    for snapshot in found:
        for line in snapshot.lines if snapshot.shop_id in schemas else ():
            if isinstance(line.get("options"), dict) and len(line["options"]) > 1:
                wanted[snapshot.shop_id].add(UUID(line["product_id"]))
    return {
        (shop_id, product_id): names
        for shop_id, products in wanted.items()
        for product_id, names in option_names(schemas[shop_id], products).items()
    }
