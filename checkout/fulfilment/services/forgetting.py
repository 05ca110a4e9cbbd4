"""Remove a buyer's name from a shop's own records."""

from collections.abc import Mapping
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from kit.db.sql import execute, fetch_all, qualified

GONE = "Deleted person"
NOBODY = Jsonb({"name": GONE, "line1": "", "line2": "", "city": "", "postcode": "", "phone": ""})
IS_THERE = sql.SQL("SELECT to_regclass({}) IS NOT NULL")
FORGET = sql.SQL("""
UPDATE {vendor_order} v
   SET buyer_name = %(name)s, buyer_email = gone.email, shipping_address = v.shipping_address || %(nobody)s
  FROM (SELECT o.id, n.email
          FROM unnest(%(ids)s::uuid[], %(emails)s::text[]) AS n(id, email)
          JOIN {vendor_order} o ON o.id = n.id AND o.buyer_email <> n.email
         ORDER BY o.id
           FOR UPDATE OF o) gone
 WHERE v.id = gone.id
""")


def has_records(*, schema_name: str) -> bool:
    """Return whether a shop's own records of orders are there; those of a deleted shop are not."""
    return fetch_all(IS_THERE.format(sql.Literal(f'"{schema_name}".fulfilment_vendororder'))) == [(True,)]


def forget_buyers(*, schema_name: str, emails: Mapping[UUID, str]) -> int:
    """Remove the buyer from some orders of a shop, unless removed already; return the number of changed orders.

    A shop that was deleted has no records any more.

    Args:
        emails: the address of the anonymised buyer, by the id of the order.
    """
    if not emails or not has_records(schema_name=schema_name):
        return 0
    table = qualified(schema_name, "fulfilment_vendororder")
    params = {"name": GONE, "nobody": NOBODY, "ids": list(emails), "emails": list(emails.values())}
    return execute(FORGET.format(vendor_order=table), params)
