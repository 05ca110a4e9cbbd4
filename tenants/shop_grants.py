"""What a shop's database role may do with tables in `public`: the only list of it.

A table that is not here does not exist for code on a shop's host. Each entry says which operations, on which of
its columns where not on all, and on which rows. `manage.py migrate` and `manage.py shops roles` bring the database
up to date with it; the tables of the shop's own schema need no entry.
"""

from dataclasses import dataclass

SHOP = "tenants_role_shop()"  # the shop whose role is in force
MINE = f"shop_id = {SHOP}"


@dataclass(frozen=True, slots=True)
class Grant:
    """Operations on some rows of a table.

    Args:
        rows: the rows that may be read, changed or deleted, as an SQL condition.
        new_rows: what a written row must be like, where that is something else.
    """

    table: str
    operations: tuple[str, ...]
    rows: str
    new_rows: str = ""


READ = ("SELECT",)
READ_AND_WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE")
# A shop says of itself what it likes; its address, schema, status and commission are the platform's.
SHOP_COLUMNS = (
    "name, tagline, description, city, country, banner, logo, shipping_minor, delivery_policy, returns_policy, "
    "contact_email, contact_phone"
)
# The tables in a condition show their own rows of the shop alone, by their own entries here.
OWN_ACCOUNT = "account_id IN (SELECT id FROM payouts_account)"

GRANTS = (
    Grant("tenants_shop", ("SELECT", f"UPDATE ({SHOP_COLUMNS})"), f"id = {SHOP}"),
    Grant("tenants_membership", READ, MINE),
    Grant("tenants_invitation", READ, MINE),
    Grant("tenants_domain", READ, f"tenant_id = {SHOP}"),
    Grant("tenants_domainclaim", READ, MINE),
    Grant("tenants_shopevent", READ, MINE),
    Grant("tenants_setupstep", READ, MINE),
    # Staff, and who acted for the shop, by name and address; nobody's password, whoever asks. What makes somebody
    # one of them is written by the platform alone, else a role could write itself more people to read.
    Grant(
        "accounts_user",
        ("SELECT (id, email, name, is_active, is_operator)",),
        "EXISTS (SELECT FROM tenants_membership m WHERE m.user_id = accounts_user.id) "
        "OR EXISTS (SELECT FROM tenants_shopevent e WHERE e.actor_id = accounts_user.id) "
        "OR EXISTS (SELECT FROM tenants_invitation i WHERE i.invited_by_id = accounts_user.id)",
    ),
    # What the market shows of the shop's products.
    Grant("discovery_category", READ, "TRUE"),
    Grant("discovery_listing", READ_AND_WRITE, MINE),
    Grant("discovery_listingvariant", READ_AND_WRITE, MINE),
    # The shop's parts of orders; of the orders themselves neither the buyer nor the sum.
    Grant("checkout_suborder", ("SELECT", "UPDATE (status, status_at, tracking)"), MINE),
    Grant(
        "checkout_order",
        ("SELECT (id, number, status, placed_at, paid_at)",),
        "EXISTS (SELECT FROM checkout_suborder s WHERE s.order_id = checkout_order.id)",
    ),
    # What the shop is owed.
    Grant("payouts_account", READ, MINE),
    Grant("payouts_bankaccount", READ, MINE),  # written by the platform alone, who has asked the bank
    Grant("payouts_balance", READ, OWN_ACCOUNT),
    Grant("payouts_entry", READ, OWN_ACCOUNT),
    Grant("payouts_journal", READ, "EXISTS (SELECT FROM payouts_entry e WHERE e.journal_id = payouts_journal.id)"),
)

# Built into PostgreSQL for everybody. They change a setting (the role is one), run SQL that they are handed as
# text, or leave things behind in the database: taken from all but the platform, where it may.
RESERVED_FUNCTIONS = (
    "set_config(text, text, boolean)",
    "query_to_xml(text, boolean, boolean, text)",
    "query_to_xmlschema(text, boolean, boolean, text)",
    "query_to_xml_and_xmlschema(text, boolean, boolean, text)",
    "cursor_to_xml(refcursor, integer, boolean, boolean, text)",
    "ts_stat(text)",
    "ts_stat(text, text)",
    "ts_rewrite(tsquery, text)",
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
)
