"""Last days of a part, and whether it is late, on all sides of the API."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from checkout.fulfilment.deadlines import Deadline, Late, deadline_of
from checkout.fulfilment.models import VendorOrder
from checkout.models import SubOrder

DEADLINE_FIELDS = ("send_by_on", "arrive_by_on", "late")


class DeadlineOutput(serializers.Serializer[Any]):
    """Days by which a part should leave its shop and arrive."""

    send_by_on = serializers.SerializerMethodField(
        help_text="The last day on which it should leave its shop; null for what is not paid."
    )
    arrive_by_on = serializers.SerializerMethodField(
        help_text="The last day on which it should arrive; null where that is not known, or it is fetched at the shop."
    )
    late = serializers.SerializerMethodField(help_text="The step whose last day is over; null: none is.")

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_send_by_on(self, part: SubOrder | VendorOrder) -> date | None:
        """Return the day."""
        return _deadline(part).send_by_on

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_arrive_by_on(self, part: SubOrder | VendorOrder) -> date | None:
        """Return the day."""
        return _deadline(part).arrive_by_on

    @extend_schema_field(serializers.ChoiceField(choices=Late.choices, allow_null=True))
    def get_late(self, part: SubOrder | VendorOrder) -> str | None:
        """Return the step."""
        late = _deadline(part).late
        return late.value if late else None


def _deadline(part: SubOrder | VendorOrder) -> Deadline:
    paid_at = part.paid_at if isinstance(part, VendorOrder) else part.order.paid_at
    return deadline_of(part, paid_at=paid_at, now=timezone.now())
