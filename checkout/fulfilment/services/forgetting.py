"""Take a buyer's name off a shop's own records."""

from collections.abc import Sequence

from psycopg import sql
from psycopg.types.json import Jsonb

from kit.db.sql import execute, fetch_all, qualified

GONE = "Deleted person"
NOBODY = Jsonb({"name": GONE, "line1": "", "line2": "", "city": "", "postcode": "", "phone": ""})
IS_THERE = sql.SQL("SELECT to_regclass({}) IS NOT NULL")
FORGET = sql.SQL("""
UPDATE {vendor_order}
   SET buyer_name = %(name)s, buyer_email = %(email)s, shipping_address = shipping_address || %(nobody)s
 WHERE id IN (SELECT id FROM {vendor_order} WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE)
""")
FOLLOW = sql.SQL("""
UPDATE {vendor_order} v
   SET buyer_name = %(name)s, buyer_email = o.email, shipping_address = v.shipping_address || %(nobody)s
  FROM public.checkout_suborder s JOIN public.checkout_order o ON o.id = s.order_id
 WHERE s.id = v.id AND o.email LIKE %(gone)s AND v.buyer_email <> o.email
""")


def has_records(*, schema_name: str) -> bool:
    """Say whether a shop's own records of orders are there; those of a deleted shop are not."""
    return fetch_all(IS_THERE.format(sql.Literal(f'"{schema_name}".fulfilment_vendororder'))) == [(True,)]


def forget_buyers(*, schema_name: str, ids: Sequence[object], email: str) -> None:
    """Take the buyer off some orders of a shop; a shop that was deleted has none any more."""
    table = qualified(schema_name, "fulfilment_vendororder")
    if has_records(schema_name=schema_name):
        execute(FORGET.format(vendor_order=table), {"name": GONE, "email": email, "nobody": NOBODY, "ids": list(ids)})


def follow_forgotten(*, schema_name: str, gone: str) -> int:
    """Take those off a restored shop's orders who were forgotten since it was archived; return how many orders.

    Args:
        gone: how the addresses end that stand for nobody.
    """
    statement = FOLLOW.format(vendor_order=qualified(schema_name, "fulfilment_vendororder"))
    return execute(statement, {"name": GONE, "nobody": NOBODY, "gone": f"%{gone}"})
