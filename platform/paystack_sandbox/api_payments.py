"""The Paystack API: transactions and refunds."""

from starlette.routing import Route

from paystack_sandbox import refunds, shapes, shapes_refunds, transactions
from paystack_sandbox.listing import dated, list_page
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.serving import Call, Json, fields_of, serve
from paystack_sandbox.shapes import answer
from paystack_sandbox.webhooks import distort


def initialize(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Start a payment."""
    row = transactions.initialize_transaction(sandbox, fields_of(call))
    data = {
        "authorization_url": f"{sandbox.public_url}/checkout/{row['access_code']}",
        "access_code": row["access_code"],
        "reference": row["reference"],
    }
    return 200, answer("Authorization URL created", data)


def verify(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return the result of a payment."""
    reference = call.path["reference"]
    shape = shapes.transaction(transactions.get_transaction(sandbox, reference))
    facts = {"method": "GET", "path": f"/transaction/verify/{reference}", "reference": reference}
    return 200, answer("Verification successful", distort(sandbox, shape, where="verify", **facts))


def fetch_transaction(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return one payment by its id."""
    row = refunds.find_payment(sandbox, call.path["id"])
    return 200, answer("Transaction retrieved", shapes.fetched_transaction(row))


def list_transactions(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a page of payments."""
    filters = dated(call.query, "t.created_at")
    filters.add("t.status = ?", call.query.get("status"))
    filters.add("t.amount = ?", call.query.get("amount"))
    filters.add("t.customer_id = ?", call.query.get("customer"))
    filters.add("c.code = ?", call.query.get("customer_code"))
    rows, meta = list_page(sandbox, select=transactions.SELECT, filters=filters, order="t.id", query=call.query)
    volume = sandbox.store.number("SELECT SUM(amount) FROM transactions WHERE status = 'success'")
    data = [shapes.listed_transaction(row) for row in rows]
    return 200, answer("Transactions retrieved", data, meta={**meta, "total_volume": volume})


def create_refund(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Request a refund."""
    row = refunds.create_refund(sandbox, fields_of(call))
    payment = refunds.find_payment(sandbox, row["transaction_id"])
    data = shapes_refunds.created_refund(row, payment)
    return 200, answer("Refund has been queued for processing", data)


def fetch_refund(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return one refund."""
    row = refunds.get_refund(sandbox, call.path["id"])
    payment = refunds.find_payment(sandbox, row["transaction_id"])
    return 200, answer("Refund retrieved", shapes_refunds.refund(row, payment, refunds.dispute_of(sandbox, row["id"])))


def list_refunds(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a page of refunds."""
    filters = dated(call.query, "created_at")
    if wanted := call.query.get("transaction") or call.query.get("reference"):
        filters.add("transaction_id = ?", refunds.find_payment(sandbox, wanted)["id"])
    filters.add(
        "transaction_id IN (SELECT id FROM transactions WHERE currency = ?)",
        call.query.get("currency"),
    )
    rows, meta = list_page(sandbox, select="SELECT * FROM refunds", filters=filters, order="id", query=call.query)
    data = [
        shapes_refunds.refund(
            row, refunds.find_payment(sandbox, row["transaction_id"]), refunds.dispute_of(sandbox, row["id"])
        )
        for row in rows
    ]
    failed = sandbox.store.number("SELECT COUNT(*) FROM refunds WHERE status = 'failed'")
    more = {"perPage": str(meta["perPage"]), "failedRefundCount": failed}
    return 200, answer("Refunds retrieved", data, meta={**meta, **more})


ROUTES = [
    Route("/transaction/initialize", serve(initialize), methods=["POST"]),
    Route("/transaction/verify/{reference}", serve(verify), methods=["GET"]),
    Route("/transaction", serve(list_transactions), methods=["GET"]),
    Route("/transaction/{id:int}", serve(fetch_transaction), methods=["GET"]),
    Route("/refund", serve(create_refund), methods=["POST"]),
    Route("/refund", serve(list_refunds), methods=["GET"]),
    Route("/refund/{id:int}", serve(fetch_refund), methods=["GET"]),
]
