"""The pages people see: the hosted payment page and the control page."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from paystack_sandbox import disputes, refunds, transactions, transfers
from paystack_sandbox.balance import all_balances
from paystack_sandbox.clock import iso
from paystack_sandbox.errors import ApiError
from paystack_sandbox.faults import KINDS
from paystack_sandbox.money import show
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.serving import read_body, refuse_without_key, sandbox_of
from paystack_sandbox.shapes import CARDS
from paystack_sandbox.store import Row

HERE = Path(__file__).parent
SHOWN = 30
UNKNOWN_PAYMENT = "This payment link is not known to the sandbox. Go back to the shop and start the payment again."
TRANSFER_ENDS = {
    **dict.fromkeys(transfers.OPEN, ("success", "failed", "reversed")),
    "success": ("reversed",),
}
REFUND_ENDS = dict.fromkeys(refunds.OPEN, ("processed", "failed", "needs-attention"))
ACTIONS = {
    "pay": transactions.pay_transaction,
    "fail": transactions.fail_transaction,
    "abandon": transactions.abandon_transaction,
}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(money=show, time=_short_time)
    return environment


async def show_checkout(request: Request) -> Response:
    """Show the amount to pay and the possible results."""
    sandbox = sandbox_of(request)
    row = _by_access_code(sandbox, request.path_params["access_code"])
    if row is None:
        return not_found(sandbox)
    return _checkout_page(sandbox, row)


async def act_on_checkout(request: Request) -> Response:
    """Pay, fail or abandon, and send the buyer back to the merchant."""
    sandbox = sandbox_of(request)
    row = _by_access_code(sandbox, request.path_params["access_code"])
    if row is None:
        return not_found(sandbox)
    try:
        form = await read_body(request)
        row = _act(sandbox, row["reference"], form if isinstance(form, dict) else {})
    except ApiError as error:
        return _checkout_page(sandbox, row, status=error.status, problem=error.message)
    if not row["callback_url"]:
        return _checkout_page(sandbox, row)
    return RedirectResponse(return_url(row), status_code=303)


def return_url(row: Row) -> str:
    """Return the merchant's callback with the reference under both of Paystack's names."""
    url = urlsplit(str(row["callback_url"]))
    query = [*parse_qsl(url.query), ("trxref", row["reference"]), ("reference", row["reference"])]
    return urlunsplit((url.scheme, url.netloc, url.path, urlencode(query), url.fragment))


async def show_controls(request: Request) -> Response:
    """Show everything the sandbox holds, with its faults."""
    if refused := refuse_without_key(request):
        return refused
    sandbox = sandbox_of(request)
    store = sandbox.store
    return render(
        sandbox,
        "controls.html",
        balances=all_balances(sandbox),
        faults=[fault.shape() for fault in sandbox.faults.all()],
        kinds=KINDS,
        transactions=store.all(f"{transactions.SELECT} ORDER BY t.id DESC LIMIT ?", SHOWN),
        transfers=store.all("SELECT * FROM transfers ORDER BY id DESC LIMIT ?", SHOWN),
        refunds=store.all(
            "SELECT r.*, t.reference, t.currency FROM refunds r"
            " JOIN transactions t ON t.id = r.transaction_id ORDER BY r.id DESC LIMIT ?",
            SHOWN,
        ),
        disputes=store.all(
            "SELECT d.*, t.reference, t.currency FROM disputes d"
            " JOIN transactions t ON t.id = d.transaction_id ORDER BY d.id DESC LIMIT ?",
            SHOWN,
        ),
        dispute_ends=disputes.ENDS,
        deliveries=store.all("SELECT * FROM deliveries ORDER BY id DESC LIMIT ?", SHOWN),
        has_mail=sandbox.config.mail is not None,
        transfer_ends=TRANSFER_ENDS,
        refund_ends=REFUND_ENDS,
        shown=SHOWN,
    )


async def show_style(_request: Request) -> Response:
    """Serve the one style sheet."""
    return Response(_style(), media_type="text/css", headers={"cache-control": "public, max-age=300"})


def not_found(sandbox: Sandbox, *, text: str = UNKNOWN_PAYMENT) -> Response:
    """Answer that there is no such page."""
    return render(sandbox, "not_found.html", status=404, text=text)


def _act(sandbox: Sandbox, reference: str, form: dict[str, Any]) -> Row:
    action = form.get("action", "")
    if action not in ACTIONS:
        raise ApiError("Choose to pay, fail or abandon")
    if action == "pay":
        card = form.get("card") or "visa"
        return transactions.pay_transaction(sandbox, reference=reference, card=card)
    return ACTIONS[action](sandbox, reference=reference)


def _by_access_code(sandbox: Sandbox, access_code: str) -> Row | None:
    return sandbox.store.one(f"{transactions.SELECT} WHERE t.access_code = ?", access_code)


def _checkout_page(sandbox: Sandbox, row: Row, *, status: int = 200, problem: str = "") -> Response:
    return render(
        sandbox,
        "checkout.html",
        status=status,
        returns_to=row["callback_url"],
        payment=row,
        cards=CARDS,
        problem=problem,
        return_url=return_url(row) if row["callback_url"] else "",
    )


def render(
    sandbox: Sandbox, template: str, *, status: int = 200, returns_to: str = "", frames: str = "'none'", **context: Any
) -> Response:
    """Answer with a page, under a policy that lets nothing in but the style sheet and the frames that are named."""
    html = _templates().get_template(template).render(business=sandbox.config.business_name, **context)
    headers = {
        "content-security-policy": _policy(returns_to, frames),
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(html, status, headers=headers)


def _policy(returns_to: str, frames: str) -> str:
    """Return a policy without inline anything.

    `form-action` binds every redirect back too, and a shop may send its buyer on to another origin.
    """
    form_action = "'self' http: https:" if returns_to else "'self'"
    kept_out = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    return f"{kept_out}; frame-src {frames}; form-action {form_action}"


@cache
def _style() -> bytes:
    return (HERE / "static" / "sandbox.css").read_bytes()


def _short_time(seconds: float | None) -> str:
    return (iso(seconds) or "")[:19].replace("T", " ")


ROUTES = [
    Route("/checkout/{access_code}", show_checkout, methods=["GET"]),
    Route("/checkout/{access_code}", act_on_checkout, methods=["POST"]),
    Route("/sandbox", show_controls, methods=["GET"]),
    Route("/sandbox/sandbox.css", show_style, methods=["GET"]),
]
