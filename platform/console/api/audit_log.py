"""The audit log over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from console.access import OperatorApi
from console.selectors.audit_log import AuditFilter, list_entries
from console.selectors.audit_sentences import readable
from kit.api.input import FeedQuery, query_of, search_field
from kit.api.lists import FeedOutput, feed_body, feed_place
from kit.api.moments import MomentField
from kit.api.openapi import INVALID
from kit.api.refusals import answer
from kit.db.keyset import read_slice
from kit.text.serializers import EmailField, LineField

ENTRY = {
    "id": 41,
    "created_at": "2026-11-20T13:05:00.000Z",
    "actor_email": "operator@kasuwa.test",
    "action": "shop.suspended",
    "subject": "shop:indigo-fabrics",
    "sentence": "Ngozi Operator suspended the shop Indigo Fabrics.",
    "reason": "Sells what it does not have",
    "details": {"before": "live", "after": "suspended"},
    "request_id": "0193a1b2c3d4",
}


class AuditQuery(FeedQuery):
    """Filter of the audit log."""

    action = LineField(required=False, default="", max_length=60, help_text="The name of an action.")
    actor_email = EmailField(required=False, default="", help_text="The e-mail address of who acted.")
    shop = LineField(required=False, default="", max_length=50, help_text="A shop's slug.")
    since = serializers.DateField(required=False, default=None, help_text="The first day.")
    until = serializers.DateField(required=False, default=None, help_text="The last day.")
    search = search_field("A part of the reason or of the subject.")


class AuditEntryOutput(serializers.Serializer[Any]):
    """An action of an operator."""

    id = serializers.IntegerField(source="entry.pk")
    created_at = MomentField(source="entry.created_at")
    actor_email = serializers.SerializerMethodField(help_text="An e-mail address; empty for the market itself.")
    action = serializers.CharField(source="entry.action")
    subject = serializers.CharField(source="entry.subject", help_text="What it was done to, as kind:key.")
    sentence = serializers.CharField()
    reason = serializers.CharField(source="entry.reason")
    details = serializers.DictField(source="entry.details")
    request_id = serializers.CharField(source="entry.request_id", allow_blank=True)

    def get_actor_email(self, row: Any) -> str:
        """Return the e-mail address of the operator."""
        return row.entry.actor.email if row.entry.actor else ""


class AuditFeedOutput(FeedOutput):
    """A part of the log."""

    results = AuditEntryOutput(many=True)


class OperatorAuditLogApi(OperatorApi):
    """The audit log."""

    query_class = AuditQuery

    @extend_schema(
        operation_id="operator_audit_log_list",
        summary="Read what operators did",
        tags=["Operators: audit log"],
        responses={200: AuditFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [ENTRY]})],
    )
    def get(self, request: Request) -> Response:
        """Return the actions of operators with their reasons, newest first."""
        asked = query_of(request)
        entries = list_entries(
            AuditFilter(
                action=asked["action"],
                actor_email=asked["actor_email"],
                shop=asked["shop"],
                since=asked["since"],
                until=asked["until"],
                search=asked.get("search", ""),
            )
        )
        found = read_slice(entries, **feed_place(request))
        return Response(feed_body(request, found, results=AuditEntryOutput(readable(found.rows), many=True).data))
