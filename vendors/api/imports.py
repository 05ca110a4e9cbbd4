"""Prices and stock from a file over the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from catalogue.capabilities import IMPORT_PRODUCTS
from catalogue.errors import ImportFileError, ImportNotFoundError, ImportStepError
from catalogue.selectors.imports import first_changes, first_problems, get_import
from catalogue.services.imports.checking import check_upload
from catalogue.services.imports.running import cancel_import, confirm_import, undo_import
from kit.api.bodies import without_body
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.refusals import answer, refusal
from tenants.hosts.limits import ShopTooBusyError, check_bulk
from tenants.models import Shop
from vendors.access import StaffApi, shop_of
from vendors.serializers.imports import ImportData, ImportOutput

TAGS = ["Import"]
ROW: dict[str, Any] = {
    "line": 2,
    "sku": "TOTE-INDIGO",
    "price_minor": 1_950_000,
    "on_hand": None,
    "old_price_minor": 1_850_000,
    "old_on_hand": 8,
    "weight_g": 420,
    "old_weight_g": 0,
    "tax_class": "",
    "old_tax_class": "standard",
    "status": "ready",
    "message": "",
}
FAULT: dict[str, Any] = {
    **dict.fromkeys(ROW),
    "line": 3,
    "sku": "TOTE-GREEN",
    "tax_class": "",
    "old_tax_class": "",
    "status": "faulty",
    "message": "No variant has this SKU.",
}
IMPORT: dict[str, Any] = {
    "id": "0199f2c1-7c21-7d01-8c55-55b1f0a2c3d4",
    "file_name": "prices.csv",
    "columns_read": ["SKU", "Price"],
    "columns_unread": ["Title"],
    "status": "checked",
    "rows": 2,
    "changes": 1,
    "problems": 1,
    "done": 0,
    "total": 0,
    "error": "",
    "can_be_undone": False,
    "created_at": "2025-11-20T13:05:00.000Z",
    "first_changes": [ROW],
    "first_problems": [FAULT],
}
MISSING = refusal("Your shop has no such import.", ImportNotFoundError)
MOVED_ON = refusal("It has moved on.", ImportStepError)
RUNNING = answer("It runs", {**IMPORT, "status": "running", "done": 500, "total": 9000, "first_problems": []})


class ImportListApi(StaffApi):
    """Files of prices and stock."""

    capabilities: ClassVar = {"POST": IMPORT_PRODUCTS}
    parser_classes = (MultiPartParser,)

    @takes_key()
    @extend_schema(
        operation_id="stock_import_create",
        summary="Check a file of prices and stock",
        tags=TAGS,
        request={"multipart/form-data": ImportData},
        responses={
            201: ImportOutput,
            400: refusal("The file can't be read.", ImportFileError),
            429: refusal("Too many uploads; `Retry-After` says how long to wait.", ShopTooBusyError),
        },
        examples=[answer("What it would do", IMPORT, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Check a file and return its changes; no product is changed until the import is confirmed."""
        data = ImportData(data=request.data)
        data.is_valid(raise_exception=True)
        shop, upload = shop_of(request), data.validated_data["file"]
        check_bulk(shop)
        made = check_upload(
            shop=shop,
            upload=upload.file,
            file_name=upload.name,
            size=upload.size,
            created_by_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        return Response(_told(shop, made.pk), status=201, headers=located(f"{request.path}{made.pk}/"))


class ImportApi(StaffApi):
    """One import."""

    capabilities: ClassVar = {"GET": IMPORT_PRODUCTS}

    @extend_schema(
        operation_id="stock_import_read",
        summary="Read how far an import is",
        tags=TAGS,
        responses={200: ImportOutput, 404: MISSING},
        examples=[RUNNING],
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        """Return its stage, how many rows are done, and the first rows that change or have a problem."""
        return Response(_told(shop_of(request), import_id))


class ImportConfirmApi(StaffApi):
    """Confirming an import."""

    capabilities: ClassVar = {"POST": IMPORT_PRODUCTS}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="stock_import_confirm",
        summary="Confirm an import",
        tags=TAGS,
        responses={200: ImportOutput, 404: MISSING, 409: MOVED_ON},
        examples=[RUNNING],
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        """Have the changes made, in slices between those of other shops."""
        return _act(request, import_id, confirm_import)


class ImportCancelApi(StaffApi):
    """Stopping an import."""

    capabilities: ClassVar = {"POST": IMPORT_PRODUCTS}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="stock_import_cancel",
        summary="Discard or stop an import",
        tags=TAGS,
        responses={200: ImportOutput, 404: MISSING, 409: MOVED_ON},
        examples=[answer("Stopped", {**IMPORT, "status": "cancelled"})],
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        """Discard an import that waits to be confirmed, or stop one that runs; what is done stays done."""
        return _act(request, import_id, cancel_import)


class ImportUndoApi(StaffApi):
    """Taking an import back."""

    capabilities: ClassVar = {"POST": IMPORT_PRODUCTS}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="stock_import_undo",
        summary="Take an import back",
        tags=TAGS,
        responses={200: ImportOutput, 404: MISSING, 409: MOVED_ON},
        examples=[answer("Being taken back", {**IMPORT, "status": "undoing"})],
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        """Restore the old prices and counts, except those that were changed since."""
        return _act(request, import_id, undo_import)


def _act(request: Request, import_id: UUID, step: Any) -> Response:
    shop = shop_of(request)
    step(shop=shop, import_id=import_id, actor_id=signed_in_user(request).pk, now=timezone.now())
    return Response(_told(shop, import_id))


def _told(shop: Shop, import_id: UUID) -> Any:
    status = get_import(shop=shop, import_id=import_id)
    context = {
        "changes": first_changes(shop=shop, import_id=import_id),
        "problems": first_problems(shop=shop, import_id=import_id),
    }
    return ImportOutput(status, context=context).data
