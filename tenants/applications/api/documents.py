"""An application's documents."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.private_files import LOCATION
from kit.api.refusals import answer
from tenants.applications.api import examples
from tenants.applications.api.applications import TAGS, ApplicantApi, application_key
from tenants.applications.api.serializers import DocumentInput, DocumentOutput
from tenants.applications.files import document_response
from tenants.applications.selectors import get_document
from tenants.applications.services.documents import add_document, remove_document
from tenants.models import DocumentKind


class ApplicationDocumentListApi(ApplicantApi):
    """Documents."""

    parser_classes = (MultiPartParser,)

    @takes_key(guest=application_key)
    @extend_schema(
        operation_id="application_document_create",
        summary="Add a document",
        tags=TAGS,
        parameters=[examples.KEY],
        request={"multipart/form-data": DocumentInput},
        responses={
            201: DocumentOutput,
            400: examples.BAD_DOCUMENT,
            404: examples.NO_APPLICATION,
            409: examples.DOCUMENTS_FULL,
        },
        examples=[answer("The document", examples.DOCUMENT, status=201)],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Add a document; its type is judged by its content."""
        application = self.application(request, application_id)
        data = DocumentInput(data=request.data)
        data.is_valid(raise_exception=True)
        upload = data.validated_data["file"]
        document = add_document(
            application_id=application.pk,
            kind=DocumentKind(data.validated_data["kind"]),
            name=upload.name,
            upload=upload,
            now=timezone.now(),
        )
        headers = located(f"{request.path}{document.pk}/")
        return Response(DocumentOutput(document).data, status=HTTPStatus.CREATED, headers=headers)


class ApplicationDocumentApi(ApplicantApi):
    """One document."""

    @extend_schema(
        operation_id="application_document_read",
        summary="Fetch a document",
        tags=TAGS,
        parameters=[examples.KEY, LOCATION],
        responses={**examples.FILE, 404: examples.NO_DOCUMENT},
    )
    def get(self, request: Request, application_id: UUID, document_id: UUID) -> Any:
        """Return the file."""
        application = self.application(request, application_id)
        return document_response(get_document(application_id=application.pk, document_id=document_id))

    @extend_schema(
        operation_id="application_document_delete",
        summary="Delete a document",
        tags=TAGS,
        parameters=[examples.KEY],
        responses={204: None, 404: examples.NO_DOCUMENT, 409: examples.CLOSED},
    )
    def delete(self, request: Request, application_id: UUID, document_id: UUID) -> Response:
        """Remove a document, and delete its file."""
        application = self.application(request, application_id)
        remove_document(application_id=application.pk, document_id=document_id)
        return Response(status=HTTPStatus.NO_CONTENT)
