"""The Paystack API: recipients, transfers, balance and banks."""

from starlette.routing import Route

from paystack_sandbox import banks, recipients, shapes, transfers
from paystack_sandbox.balance import all_balances, ledger_entry
from paystack_sandbox.errors import invalid, not_found
from paystack_sandbox.listing import Filters, dated, list_page
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.serving import Call, Json, fields_of, serve
from paystack_sandbox.shapes import answer
from paystack_sandbox.store import Row


def create_recipient(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Register an account for transfers."""
    row = recipients.create_recipient(sandbox, fields_of(call))
    return 201, answer("Transfer recipient created successfully", shapes.recipient(row))


def fetch_recipient(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return one recipient."""
    row = recipients.get_recipient(sandbox, call.path["code"])
    return 200, answer("Recipient retrieved", shapes.fetched_recipient(row))


def list_recipients(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a page of recipients."""
    rows, meta = list_page(
        sandbox,
        select="SELECT * FROM recipients",
        filters=Filters(),
        order="id",
        query=call.query,
    )
    return 200, answer("Recipients retrieved", [shapes.recipient(row) for row in rows], meta=meta)


def create_transfer(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Send money."""
    row = transfers.create_transfer(sandbox, fields_of(call))
    needs_code = row["status"] == "otp"
    message = "Transfer requires OTP to continue" if needs_code else "Transfer has been queued"
    return 200, answer(message, shapes.created_transfer(row))


def create_bulk_transfer(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Send money to many."""
    rows = transfers.create_bulk_transfer(sandbox, fields_of(call))
    data = [shapes.queued_transfer(row, code) for row, code in rows]
    queued = sum(row["status"] != "rejected" for row, _ in rows)
    return 200, answer(f"{queued} transfers queued.", data)


def verify_transfer(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return the result of a transfer."""
    row = transfers.get_transfer(sandbox, call.path["reference"])
    return 200, answer("Transfer retrieved", _full(sandbox, row))


def fetch_transfer(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a transfer by its code or id."""
    code = call.path["code"]
    row = sandbox.store.one("SELECT * FROM transfers WHERE code = ? OR id = ?", code, code)
    if row is None:
        raise not_found("Transfer")
    return 200, answer("Transfer retrieved", _full(sandbox, row))


def list_transfers(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a page of transfers."""
    filters = dated(call.query, "created_at")
    filters.add("status = ?", call.query.get("status"))
    wanted = call.query.get("recipient") or call.query.get("customer")
    filters.add("recipient_id = (SELECT id FROM recipients WHERE ? IN (code, CAST(id AS TEXT)))", wanted)
    rows, meta = list_page(sandbox, select="SELECT * FROM transfers", filters=filters, order="id", query=call.query)
    return 200, answer("Transfers retrieved", [_full(sandbox, row) for row in rows], meta=meta)


def fetch_balance(sandbox: Sandbox, _call: Call) -> tuple[int, Json]:
    """Return the balance that can be sent, by currency."""
    return 200, answer("Balances retrieved", shapes.balances(all_balances(sandbox)))


def list_ledger(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a page of what moved the balance."""
    rows, meta = list_page(
        sandbox,
        select="SELECT * FROM balance_entries",
        filters=dated(call.query, "created_at"),
        order="id",
        query=call.query,
    )
    data = [ledger_entry(row) for row in rows]
    return 200, answer("Balance ledger retrieved", data, meta=meta)


def list_banks(_sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return the banks of a country."""
    found = banks.list_banks(
        currency=call.query.get("currency", ""),
        country=call.query.get("country", ""),
        kind=call.query.get("type", ""),
    )
    return 200, answer("Banks retrieved", [bank.shape() for bank in found])


def resolve_account(_sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return the name behind an account number."""
    number, code = call.query.get("account_number"), call.query.get("bank_code")
    if not number or not code:
        raise invalid("account_number and bank_code are required")
    data = banks.resolve_account(account_number=number, bank_code=code)
    return 200, answer("Account number resolved", data)


def _full(sandbox: Sandbox, row: Row) -> Json:
    return shapes.transfer(row, recipients.get_recipient(sandbox, row["recipient_id"]))


ROUTES = [
    Route("/transferrecipient", serve(create_recipient), methods=["POST"]),
    Route("/transferrecipient", serve(list_recipients), methods=["GET"]),
    Route("/transferrecipient/{code}", serve(fetch_recipient), methods=["GET"]),
    Route("/transfer", serve(create_transfer), methods=["POST"]),
    Route("/transfer", serve(list_transfers), methods=["GET"]),
    Route("/transfer/bulk", serve(create_bulk_transfer), methods=["POST"]),
    Route("/transfer/verify/{reference}", serve(verify_transfer), methods=["GET"]),
    Route("/transfer/{code}", serve(fetch_transfer), methods=["GET"]),
    Route("/balance", serve(fetch_balance), methods=["GET"]),
    Route("/balance/ledger", serve(list_ledger), methods=["GET"]),
    Route("/bank", serve(list_banks), methods=["GET"]),
    Route("/bank/resolve", serve(resolve_account), methods=["GET"]),
]
