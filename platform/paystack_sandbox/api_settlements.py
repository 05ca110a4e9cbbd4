"""The Paystack API: settlements to the merchant's bank account."""

from starlette.routing import Route

from paystack_sandbox import settlements
from paystack_sandbox.controls import control
from paystack_sandbox.listing import dated, list_page
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.serving import Call, Json, fields_of, serve
from paystack_sandbox.shapes import answer


def list_settlements(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a page of settlements."""
    filters = dated(call.query, "created_at")
    filters.add("status = ?", call.query.get("status"))
    rows, meta = list_page(sandbox, select="SELECT * FROM settlements", filters=filters, order="id", query=call.query)
    return 200, answer("Settlements retrieved", [settlements.settlement(row) for row in rows], meta=meta)


def settle(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Pay a part of the balance out now."""
    row = settlements.settle(sandbox, fields_of(call))
    return 201, answer("Settled", settlements.settlement(row))


ROUTES = [
    Route("/settlement", serve(list_settlements), methods=["GET"]),
    Route("/sandbox/settlements", control(settle), methods=["POST"]),
]
