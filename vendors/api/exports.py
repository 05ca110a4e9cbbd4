"""The shop's data in one file over the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from kit.api.bodies import without_body
from kit.api.idempotent import takes_key
from kit.api.private_files import IN_A_BUCKET, LOCATION
from kit.api.refusals import answer, refusal
from kit.private_files import private_file_response
from tenants.archives.jobs import find_archive, get_export, list_exports, request_export
from tenants.capabilities import EXPORT_DATA
from tenants.errors import ExportExpiredError, ExportNotFoundError, ExportRunningError
from vendors.access import StaffApi, shop_of
from vendors.serializers.exports import ExportOutput

TAGS = ["Export"]
EXPORT: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
    "status": "ready",
    "done": 318,
    "total": 318,
    "size": 18_204_117,
    "error": "",
    "created_at": "2025-11-20T13:05:00.000Z",
    "ready_at": "2025-11-20T13:05:09.000Z",
    "expires_at": "2025-11-27T13:05:09.000Z",
}
NO_EXPORT = refusal("The shop has no such export.", ExportNotFoundError)
RUNNING = refusal("One is being made already.", ExportRunningError)
NOT_THERE = refusal("It is not ready, or no longer kept.", ExportExpiredError)


class ExportListApi(StaffApi):
    """The latest exports."""

    capabilities: ClassVar = {"GET": EXPORT_DATA, "POST": EXPORT_DATA}

    @extend_schema(
        operation_id="exports_list",
        summary="List your latest exports",
        tags=TAGS,
        responses=ExportOutput(many=True),
        examples=[answer("One", [EXPORT])],
    )
    def get(self, request: Request) -> Response:
        """Return the ten latest, newest first."""
        return Response(ExportOutput(list_exports(shop_id=shop_of(request).pk), many=True).data)

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="export_create",
        summary="Ask for an export of your shop",
        tags=TAGS,
        responses={202: ExportOutput, 409: RUNNING},
        examples=[answer("Waiting", {**EXPORT, "status": "queued", "size": 0, "ready_at": None}, status=202)],
    )
    def post(self, request: Request) -> Response:
        """Ask for all data and pictures in one file; look at it until its `state` is `ready`."""
        actor = signed_in_user(request).pk
        export = request_export(shop_id=shop_of(request).pk, actor_id=actor, now=timezone.now())
        return Response(ExportOutput(export).data, status=202)


class ExportApi(StaffApi):
    """One export."""

    capabilities: ClassVar = {"GET": EXPORT_DATA}

    @extend_schema(
        operation_id="export_read",
        summary="Read how far an export is",
        tags=TAGS,
        responses={200: ExportOutput, 404: NO_EXPORT},
        examples=[answer("Ready", EXPORT)],
    )
    def get(self, request: Request, export_id: UUID) -> Response:
        """Return an export's state."""
        return Response(ExportOutput(get_export(shop_id=shop_of(request).pk, export_id=export_id)).data)


class ExportFileApi(StaffApi):
    """The archive itself."""

    capabilities: ClassVar = {"GET": EXPORT_DATA}

    @extend_schema(
        operation_id="export_download",
        summary="Download an export",
        tags=TAGS,
        parameters=[LOCATION],
        responses={
            (200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, "A ZIP file; see docs/archives.md."),
            302: IN_A_BUCKET,
            404: NO_EXPORT,
            409: NOT_THERE,
        },
    )
    def get(self, request: Request, export_id: UUID) -> HttpResponse:
        """Return the file; the download is noted in the shop's activity."""
        shop, actor = shop_of(request), signed_in_user(request).pk
        folder, name = find_archive(shop_id=shop.pk, export_id=export_id, actor_id=actor, now=timezone.now())
        return private_file_response(
            folder, name, file_name=f"{shop.slug}.zip", content_type="application/zip", is_attachment=True
        )
