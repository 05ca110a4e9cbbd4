"""The API of a person's choices of notices."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import signed_in_user
from kit.api.input import InputSerializer
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from notifications.errors import AlwaysSentError, ChannelNotOfferedError
from notifications.models import Channel, NoticeKind
from notifications.quiet_hours import quiet_hours
from notifications.services import offered_text_channels
from notifications.services.preferences import Choice, choices_of, choose, choose_quiet_hours, shown_choices

TAG = ["Notifications"]
MOST_CHOICES = len(NoticeKind) * len(Channel)


class ChoiceInput(InputSerializer):
    """A choice for one kind of notice by one channel."""

    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    is_wanted = serializers.BooleanField()


class QuietInput(InputSerializer):
    """Hours of the caller's clock in which nothing is sent to their phone; twice the same: none are quiet."""

    start_time = serializers.TimeField()
    end_time = serializers.TimeField()


class PreferencesInput(InputSerializer):
    """Choices to change; the others stay as they are."""

    choices = serializers.ListField(
        child=ChoiceInput(), required=False, allow_empty=False, max_length=MOST_CHOICES, help_text="Left out: as it is."
    )
    quiet_hours = QuietInput(
        required=False, allow_null=True, help_text="Null: those of the market. Left out: as it is."
    )


class ChoiceOutput(serializers.Serializer[Any]):
    """One kind of notice by one channel."""

    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    is_wanted = serializers.BooleanField()
    can_change = serializers.BooleanField(help_text="False for what always arrives: word of money and of safety.")
    is_offered = serializers.BooleanField(help_text="False where this market can't send by the channel.")


class QuietOutput(serializers.Serializer[Any]):
    """Hours of the reader's clock in which nothing is sent to phones."""

    start_time = serializers.TimeField()
    end_time = serializers.TimeField(help_text="Messages of the night are sent then.")
    is_own = serializers.BooleanField(help_text="False where they are the market's.")


class PreferencesOutput(serializers.Serializer[Any]):
    """A person's choices of notices."""

    choices = ChoiceOutput(many=True)
    quiet_hours = QuietOutput()


EXAMPLE = {
    "choices": [
        {"kind": "payments", "channel": "email", "is_wanted": True, "can_change": False, "is_offered": True},
        {"kind": "parcels", "channel": "sms", "is_wanted": True, "can_change": True, "is_offered": True},
    ],
    "quiet_hours": {"start_time": "21:00:00", "end_time": "07:00:00", "is_own": False},
}
QUIET = {"quiet_hours": {"start_time": "22:00:00", "end_time": "08:30:00"}}
WANTED = {"choices": [{"kind": "parcels", "channel": "sms", "is_wanted": True}]}


class PreferencesApi(APIView):
    """The signed-in person's choices."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        tags=TAG,
        operation_id="notification_preferences_read",
        summary="Read which notices come by which channel",
        responses={200: PreferencesOutput},
        examples=[answer("A part of them", EXAMPLE)],
    )
    def get(self, request: Request) -> Response:
        """Return every kind of notice with its channels."""
        return Response(_body(signed_in_user(request).pk))

    @extend_schema(
        tags=TAG,
        operation_id="notification_preferences_update",
        summary="Choose which notices come by which channel",
        request=PreferencesInput,
        responses={200: PreferencesOutput, 400: INVALID, **refusals(AlwaysSentError, ChannelNotOfferedError)},
        examples=[sent("Parcels by SMS", WANTED), sent("Quiet hours", QUIET), answer("Chosen", EXAMPLE)],
    )
    def patch(self, request: Request) -> Response:
        """Keep choices; all of them, or none where one is refused."""
        asked, user_id, now = checked(PreferencesInput, request.data), signed_in_user(request).pk, timezone.now()
        choices = [
            Choice(NoticeKind(each["kind"]), Channel(each["channel"]), each["is_wanted"])
            for each in asked.get("choices", ())
        ]
        choose(user_id=user_id, choices=choices, now=now)
        if "quiet_hours" in asked:
            own = asked["quiet_hours"]
            choose_quiet_hours(user_id=user_id, hours=(own["start_time"], own["end_time"]) if own else None, now=now)
        return Response(_body(user_id))


def _body(user_id: int) -> dict[str, Any]:
    offered = {Channel.IN_APP, Channel.EMAIL, *offered_text_channels()}
    own = choices_of(user_id=user_id).quiet
    start, end = own or quiet_hours()
    choices = [
        {"kind": row["kind"], **each, "is_offered": each["channel"] in offered}
        for row in shown_choices(user_id=user_id)
        for each in row["channels"]
    ]
    body = {"choices": choices, "quiet_hours": {"start_time": start, "end_time": end, "is_own": own is not None}}
    return dict(PreferencesOutput(body).data)
