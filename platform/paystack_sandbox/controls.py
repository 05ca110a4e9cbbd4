"""The sandbox's own JSON API, for tests and scripts; the control page's forms post here too."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from paystack_sandbox import refunds, shapes, shapes_refunds, transactions, transfers
from paystack_sandbox.balance import Cause, all_balances, move_balance
from paystack_sandbox.clock import iso
from paystack_sandbox.errors import ApiError, invalid, not_found
from paystack_sandbox.inputs import read_amount
from paystack_sandbox.listing import Filters, list_page
from paystack_sandbox.money import TARIFFS
from paystack_sandbox.recipients import get_recipient
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.serving import FORM, Call, Endpoint, Json, answer, fields_of, refuse, refuse_without_key
from paystack_sandbox.shapes import answer as ok
from paystack_sandbox.store import Row
from paystack_sandbox.webhooks import resend

FAULT_NUMBERS = ("times", "count", "status", "by", "amount", "seconds")
MATCHES = ("method", "path", "reference")
LARGEST_BATCH = 5000


def control(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Wrap an endpoint of the control API: no other site's pages, and only this machine without the key."""

    async def handle(request: Request) -> Response:
        if refused := refuse_without_key(request):
            return refused
        origin = request.headers.get("sec-fetch-site", "none")
        if request.method != "GET" and origin not in ("none", "same-origin"):
            return refuse(ApiError("Requests from other sites are refused", status=403))
        response = await answer(endpoint, request)
        is_form = request.headers.get("content-type", "").startswith(FORM)
        if is_form and response.status_code < HTTPStatus.BAD_REQUEST:
            return RedirectResponse("/sandbox/", status_code=303)
        return response

    return handle


def list_faults(sandbox: Sandbox, _call: Call) -> tuple[int, Json]:
    """Return the faults in force."""
    return 200, ok("Faults in force", [fault.shape() for fault in sandbox.faults.all()])


def add_fault(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Put a fault in force."""
    return 201, ok("Fault added", sandbox.faults.add(_fault_of(fields_of(call))).shape())


def remove_fault(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Remove one fault."""
    if not sandbox.faults.remove(call.path["id"]):
        raise not_found("Fault")
    return 200, ok("Fault removed", None)


def remove_all_faults(sandbox: Sandbox, _call: Call) -> tuple[int, Json]:
    """Remove every fault."""
    return 200, ok("Faults removed", {"count": sandbox.faults.remove()})


def pay(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Pay one transaction without the page."""
    card = fields_of(call).get("card") or "visa"
    row = transactions.pay_transaction(sandbox, reference=call.path["reference"], card=card)
    return 200, ok("Paid", shapes.transaction(row))


def pay_many(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Pay a list of transactions: all of them or, if one cannot be paid, none."""
    references = call.body if isinstance(call.body, list) else call.body.get("references")
    if not isinstance(references, list) or len(references) > LARGEST_BATCH:
        raise invalid(f"Give a list of at most {LARGEST_BATCH} references")
    with sandbox.store.transaction():
        rows = [transactions.pay_transaction(sandbox, reference=str(r)) for r in references]
    return 200, ok("Paid", {"count": len(rows)})


def fail(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Decline one transaction without the page."""
    row = transactions.fail_transaction(sandbox, reference=call.path["reference"])
    return 200, ok("Declined", shapes.transaction(row))


def abandon(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Abandon one transaction without the page."""
    row = transactions.abandon_transaction(sandbox, reference=call.path["reference"])
    return 200, ok("Abandoned", shapes.transaction(row))


def list_deliveries(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a page of deliveries, newest first, with the bytes that were sent."""
    filters = Filters()
    for name in ("event", "reference", "status"):
        filters.add(f"{name} = ?", call.query.get(name))
    rows, meta = list_page(sandbox, select="SELECT * FROM deliveries", filters=filters, order="id", query=call.query)
    return 200, ok("Deliveries", [_delivery(row) for row in rows], meta=meta)


def resend_delivery(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Send the same bytes again."""
    row = resend(sandbox, call.path["id"])
    if row is None:
        raise not_found("Delivery")
    return 200, ok("Queued again", _delivery(row))


def finish_transfer(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Bring a transfer to a final status."""
    status = str(fields_of(call).get("status") or "success")
    row = transfers.finish_transfer(sandbox, reference=call.path["reference"], status=status)
    recipient = get_recipient(sandbox, row["recipient_id"])
    return 200, ok("Transfer finished", shapes.transfer(row, recipient))


def finish_refund(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Bring a refund to its next status."""
    status = str(fields_of(call).get("status") or "processed")
    row = refunds.finish_refund(sandbox, refund_id=call.path["id"], status=status)
    payment = refunds.find_payment(sandbox, row["transaction_id"])
    return 200, ok("Refund moved on", shapes_refunds.refund(row, payment))


def set_approval_url(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Name the address at which transfers are asked about from now on; empty: nowhere."""
    sandbox.approval_url = str(fields_of(call).get("url") or "")
    return 200, ok("Approval URL set", {"url": sandbox.approval_url})


def top_up(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Put money into the balance, as a merchant's own top-up does."""
    asked = fields_of(call)
    currency = str(asked.get("currency") or "NGN")
    if currency not in TARIFFS:
        raise invalid("Unknown currency")
    move_balance(
        sandbox,
        currency=currency,
        difference=read_amount(asked, "amount"),
        cause=Cause("Top up", "Topup", 0),
    )
    return 200, ok("Topped up", shapes.balances(all_balances(sandbox)))


def advance_time(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Move the sandbox's time forward, so that what is due then happens now."""
    seconds = fields_of(call).get("advance")
    try:
        offset = sandbox.clock.advance(float(str(seconds)))
    except ValueError:
        raise invalid("advance must be a number of seconds") from None
    sandbox.wake.set()
    return 200, ok("Time moved", {"offset": offset, "now": iso(sandbox.now())})


def health(sandbox: Sandbox, _call: Call) -> tuple[int, Json]:
    """Report that the sandbox answers and its store works."""
    waiting = sandbox.store.number("SELECT COUNT(*) FROM deliveries WHERE status IN ('waiting', 'held')")
    return 200, {"status": "ok", "service": "paystack-sandbox", "deliveries_waiting": waiting}


def _delivery(row: Row) -> Json:
    return {
        "id": row["id"],
        "event": row["event"],
        "reference": row["reference"],
        "status": row["status"],
        "attempts": row["attempts"],
        "last_answer": row["last_answer"],
        "url": row["url"],
        "signature": row["signature"],
        "body": bytes(row["body"]).decode(),
        "created_at": iso(row["created_at"]),
        "due_at": iso(row["due_at"]),
        "delivered_at": iso(row["delivered_at"]),
    }


def _fault_of(asked: Json) -> Json:
    """Return a fault as the JSON API writes it; a form's fields are flat, and all of them texts."""
    fault: Json = {name: value for name, value in asked.items() if value != ""}
    match = {name: fault.pop(name) for name in MATCHES if name in fault}
    if match:
        fault["match"] = {**fault.get("match", {}), **match}
    for name in FAULT_NUMBERS:
        if isinstance(fault.get(name), str):
            fault[name] = _number(name, fault[name])
    return fault


def _number(name: str, text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        raise invalid(f"{name} must be a number") from None


def _route(path: str, endpoint: Endpoint, method: str = "POST") -> Route:
    return Route(path, control(endpoint), methods=[method])


ROUTES = [
    _route("/health", health, "GET"),
    _route("/sandbox/faults", list_faults, "GET"),
    _route("/sandbox/faults", add_fault),
    _route("/sandbox/faults", remove_all_faults, "DELETE"),
    _route("/sandbox/faults/{id:int}", remove_fault, "DELETE"),
    _route("/sandbox/faults/{id:int}/remove", remove_fault),
    _route("/sandbox/transactions/pay", pay_many),
    _route("/sandbox/transactions/{reference}/pay", pay),
    _route("/sandbox/transactions/{reference}/fail", fail),
    _route("/sandbox/transactions/{reference}/abandon", abandon),
    _route("/sandbox/deliveries", list_deliveries, "GET"),
    _route("/sandbox/deliveries/{id:int}/resend", resend_delivery),
    _route("/sandbox/transfers/{reference}/finish", finish_transfer),
    _route("/sandbox/refunds/{id:int}/finish", finish_refund),
    _route("/sandbox/balance", top_up),
    _route("/sandbox/approval-url", set_approval_url),
    _route("/sandbox/time", advance_time),
]
