"""The commission on any shop's part of an order, explained over the operators' API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.commission.explaining import explain_commission
from checkout.orders.operations import get_any_order, get_part
from checkout.serializers.commission import COMMISSION, PartCommissionOutput
from console.access import OperatorApi
from kit.api.refusals import answer, refusals
from kit.errors import NotFoundError


class OperatorPartCommissionApi(OperatorApi):
    """Commission on a part of an order."""

    @extend_schema(
        operation_id="operator_part_commission_read",
        summary="Read how the commission on a part came about",
        tags=["Operators: commission"],
        responses={200: PartCommissionOutput, **refusals(NotFoundError)},
        examples=[answer("A line with a rule", COMMISSION)],
    )
    def get(self, _request: Request, number: str, part: str) -> Response:
        """Return for each line the rule, the reason why it came before others, its base and its commission."""
        return Response(
            PartCommissionOutput(explain_commission(get_part(get_any_order(number=number), number=part))).data
        )
