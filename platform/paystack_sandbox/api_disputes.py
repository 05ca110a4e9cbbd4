"""The Paystack API: disputes, and the address that takes their files."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from paystack_sandbox import disputes, shapes_disputes
from paystack_sandbox.controls import control
from paystack_sandbox.errors import ApiError, not_found
from paystack_sandbox.listing import dated, list_page
from paystack_sandbox.refunds import find_payment
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.serving import Call, Json, fields_of, refuse, sandbox_of, serve
from paystack_sandbox.shapes import answer
from paystack_sandbox.store import Row


def list_disputes(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return a page of disputes."""
    filters = dated(call.query, "created_at")
    filters.add("status = ?", call.query.get("status"))
    filters.add("transaction_id = ?", call.query.get("transaction"))
    rows, meta = list_page(sandbox, select="SELECT * FROM disputes", filters=filters, order="id", query=call.query)
    data = [shapes_disputes.listed_dispute(row, find_payment(sandbox, row["transaction_id"])) for row in rows]
    return 200, answer("Disputes retrieved", data, meta=meta)


def fetch_dispute(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return one dispute."""
    return 200, answer("Dispute retrieved", _shown(sandbox, disputes.get_dispute(sandbox, call.path["id"])))


def add_evidence(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Keep evidence for a dispute."""
    row = disputes.add_evidence(sandbox, call.path["id"], fields_of(call))
    return 200, answer("Evidence created", shapes_disputes.added_evidence(row))


def upload_url(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return an address that takes one file."""
    row = disputes.start_upload(sandbox, call.path["id"])
    url = f"{sandbox.public_url}/dispute-files/{row['name']}?signature={row['signature']}"
    return 200, answer("Upload url generated", {"signedUrl": url, "fileName": row["name"]})


def resolve(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Accept a dispute, or decline it."""
    row = disputes.resolve_dispute(sandbox, call.path["id"], fields_of(call))
    shape = shapes_disputes.resolved_dispute(row, find_payment(sandbox, row["transaction_id"]))
    return 200, answer("Dispute successfully resolved", shape)


async def take_file(request: Request) -> Response:
    """Take a file at its signed address, as the file store that Paystack names does."""
    if "authorization" in request.headers:
        return refuse(ApiError("Only one auth mechanism allowed", status=400))  # as S3 answers
    try:
        disputes.take_file(
            sandbox_of(request),
            name=request.path_params["name"],
            signature=request.query_params.get("signature", ""),
            content=await request.body(),
            media_type=request.headers.get("content-type", ""),
        )
    except ApiError as error:
        return refuse(error)
    return Response()


def open_dispute(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Open a dispute in a bank's place."""
    return 201, answer("Dispute opened", _shown(sandbox, disputes.open_dispute(sandbox, fields_of(call))))


def finish(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Decide a dispute in a bank's place."""
    resolution = str(fields_of(call).get("resolution") or disputes.DECLINED)
    row = disputes.finish_dispute(sandbox, call.path["id"], resolution=resolution)
    return 200, answer("Dispute decided", _shown(sandbox, row))


def remind(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Remind the merchant of a dispute now."""
    return 200, answer("Reminded", _shown(sandbox, disputes.remind(sandbox, call.path["id"])))


def show_file(sandbox: Sandbox, call: Call) -> tuple[int, Json]:
    """Return the size and the digest of an uploaded file."""
    found = "SELECT name, size, digest, media_type FROM dispute_files WHERE name = ?"
    row = sandbox.store.one(found, call.path["name"])
    if row is None:
        raise not_found("File")
    return 200, answer("File", dict(row))


def _shown(sandbox: Sandbox, row: Row) -> Json:
    evidence = None if row["evidence_id"] is None else disputes.get_evidence(sandbox, row["evidence_id"])
    return shapes_disputes.dispute(row, find_payment(sandbox, row["transaction_id"]), evidence)


ROUTES = [
    Route("/dispute", serve(list_disputes), methods=["GET"]),
    Route("/dispute/{id:int}", serve(fetch_dispute), methods=["GET"]),
    Route("/dispute/{id:int}/evidence", serve(add_evidence), methods=["POST"]),
    Route("/dispute/{id:int}/upload_url", serve(upload_url), methods=["GET"]),
    Route("/dispute/{id:int}/resolve", serve(resolve), methods=["PUT"]),
    Route("/dispute-files/{name}", take_file, methods=["PUT"]),
    Route("/sandbox/disputes", control(open_dispute), methods=["POST"]),
    Route("/sandbox/disputes/{id:int}/finish", control(finish), methods=["POST"]),
    Route("/sandbox/disputes/{id:int}/remind", control(remind), methods=["POST"]),
    Route("/sandbox/dispute-files/{name}", control(show_file), methods=["GET"]),
]
