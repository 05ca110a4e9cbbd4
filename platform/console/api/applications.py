"""Deciding on applications, over the API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.api.serializers import ApplicationPageOutput, ApproveInput, AskInput, JudgedApplicationOutput, RefuseInput
from console.services.applications import approve_application, ask_for_more, refuse_application
from kit.api.idempotent import takes_key
from kit.api.input import PageQuery, query_of, search_field
from kit.api.lists import asked_window, page_body
from kit.api.private_files import LOCATION
from kit.api.refusals import answer, refusal, sent
from tenants.applications.api.examples import APPLICATION, FILE, NO_APPLICATION, NO_DOCUMENT
from tenants.applications.errors import ApplicationNotWaitingError
from tenants.applications.files import document_response
from tenants.applications.selectors import get_document, get_sent_application, list_applications
from tenants.errors import SlugTakenError
from tenants.models import ApplicationStatus

TAGS = ["Operators: applications"]
HISTORY = [{**entry, "actor_email": ""} for entry in APPLICATION["history"]]
WAITING: dict[str, Any] = {"applicant_email": "", **APPLICATION, "history": HISTORY, "status": "submitted"}
OPENED = {"slug": "oshogbo-batik", "name": "Oshogbo Batik"}
DECIDED = refusal("It has been decided, or was not sent; nothing is changed.", ApplicationNotWaitingError)
TAKEN = refusal(
    "It has been decided, or another shop has the address; nothing is changed.",
    ApplicationNotWaitingError,
    SlugTakenError,
)


class ApplicationsQuery(PageQuery):
    """Filter of applications."""

    status = serializers.ChoiceField(required=False, default="", choices=ApplicationStatus.choices)
    search = search_field("A part of the shop's or the legal name.")


class OperatorApplicationListApi(OperatorApi):
    """The queue."""

    query_class = ApplicationsQuery

    @extend_schema(
        operation_id="operator_applications_list",
        summary="List applications",
        tags=TAGS,
        responses={200: ApplicationPageOutput},
        examples=[answer("A page", {"count": 1, "next": None, "previous": None, "results": [WAITING]})],
    )
    def get(self, request: Request) -> Response:
        """Return applications that were sent: those that wait first, the longest waiting before the others."""
        asked, window = query_of(request), asked_window(request)
        found = list_applications(status=asked["status"], search=asked.get("search", ""))
        whole = found.select_related("applicant", "shop").prefetch_related("documents", "entries__actor")
        shown = whole[window.offset : window.offset + window.size]
        results = JudgedApplicationOutput(shown, many=True).data
        return Response(page_body(request, count=found.count(), results=results))


class OperatorApplicationApi(OperatorApi):
    """One application."""

    @extend_schema(
        operation_id="operator_application_read",
        summary="Read an application",
        tags=TAGS,
        responses={200: JudgedApplicationOutput, 404: NO_APPLICATION},
        examples=[answer("The application", WAITING)],
    )
    def get(self, request: Request, application_id: UUID) -> Response:
        """Return an application with its fields and history; of the account number the last digits only."""
        return _whole(application_id)


class OperatorDocumentApi(OperatorApi):
    """A paper."""

    @extend_schema(
        operation_id="operator_application_document_read",
        summary="Fetch a document",
        tags=TAGS,
        parameters=[LOCATION],
        responses={**FILE, 404: NO_DOCUMENT},
    )
    def get(self, request: Request, application_id: UUID, document_id: UUID) -> Any:
        """Return the file."""
        application = get_sent_application(application_id=application_id)
        return document_response(get_document(application_id=application.pk, document_id=document_id))


class OperatorApproveApi(OperatorApi):
    """Approve an application."""

    @takes_key()
    @extend_schema(
        operation_id="operator_application_approve",
        summary="Approve an application",
        tags=TAGS,
        request=ApproveInput,
        responses={200: JudgedApplicationOutput, 404: NO_APPLICATION, 409: TAKEN},
        examples=[
            sent("With a note", {"note": "Papers seen."}),
            answer("The application", {**WAITING, "status": "approved", "shop": OPENED}),
        ],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Open the shop as a draft, and let its owner in."""
        return _decided(request, application_id, ApproveInput, approve_application)


class OperatorAskApi(OperatorApi):
    """More is needed."""

    @takes_key()
    @extend_schema(
        operation_id="operator_application_ask",
        summary="Ask the applicant for more",
        tags=TAGS,
        request=AskInput,
        responses={200: JudgedApplicationOutput, 404: NO_APPLICATION, 409: DECIDED},
        examples=[
            sent("A question", {"message": "Please add a proof of your address."}),
            answer("The application", {**WAITING, "status": "more_needed"}),
        ],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Give the application back to the applicant, who changes it and sends it again."""
        return _decided(request, application_id, AskInput, ask_for_more)


class OperatorRefuseApi(OperatorApi):
    """Refuse an application."""

    @takes_key()
    @extend_schema(
        operation_id="operator_application_refuse",
        summary="Refuse an application",
        tags=TAGS,
        request=RefuseInput,
        responses={200: JudgedApplicationOutput, 404: NO_APPLICATION, 409: DECIDED},
        examples=[
            sent("A reason", {"reason": "The papers are of another company."}),
            answer("The application", {**WAITING, "status": "refused"}),
        ],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """End an application, and send the applicant the reason."""
        return _decided(request, application_id, RefuseInput, refuse_application)


def _decided(
    request: Request, application_id: UUID, form: type[serializers.Serializer[Any]], decide: Callable[..., Any]
) -> Response:
    data = form(data=request.data)
    data.is_valid(raise_exception=True)
    decide(
        application_id=application_id, actor_id=signed_in_user(request).pk, **data.validated_data, now=timezone.now()
    )
    return _whole(application_id)


def _whole(application_id: UUID) -> Response:
    return Response(JudgedApplicationOutput(get_sent_application(application_id=application_id)).data)
