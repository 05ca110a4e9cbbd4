"""Asking for the link to an order over the API."""

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checkout.announcing.order_links import request_order_link
from checkout.api.examples import NUMBER
from checkout.api.orders import TAGS
from checkout.serializers.find_order import FindOrderInput, LinkRequestedOutput
from kit.api.refusals import answer
from kit.api.validation import checked

ACCEPTED = 202


class OrderFindApi(APIView):
    """Asking for the link to an order."""

    permission_classes = (AllowAny,)
    throttle_scope = "order-link"

    @extend_schema(
        operation_id="order_find",
        summary="Have the link to an order sent to its buyer",
        tags=TAGS,
        request=FindOrderInput,
        responses={ACCEPTED: LinkRequestedOutput},
        examples=[
            OpenApiExample("A guest's order", request_only=True, value={"number": NUMBER, "email": "ada@example.com"}),
            answer(
                "For any number and address",
                {"message": "If they belong together, a letter with the link is on its way."},
                status=ACCEPTED,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Send a letter with the link to an order, if its number and the e-mail address belong together.

        The answer is the same for all pairs. A mailbox gets a limited number of letters.
        """
        asked = checked(FindOrderInput, request.data)
        request_order_link(number=asked["number"], email=asked["email"], now=timezone.now())
        message = gettext("If they belong together, a letter with the link is on its way.")
        return Response({"message": message}, status=ACCEPTED)
