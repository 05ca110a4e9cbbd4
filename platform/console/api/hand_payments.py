"""Payouts paid by hand, over the operators' API."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.api import examples
from console.api.payout_outputs import HandPaymentOutput
from console.api.payouts import TAGS, PayoutReasonInput
from console.forms.actions import REASON_LENGTH
from console.services import hand_payments as services
from kit.api.bodies import without_body
from kit.api.idempotent import takes_key
from kit.api.input import InputSerializer
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.errors import NotFoundError
from kit.text.serializers import LineField
from payouts.runs.by_hand import LONGEST_REASON, LONGEST_REFERENCE, HandPaymentInput
from payouts.runs.errors import (
    BalanceChangedError,
    HandPaymentDecidedError,
    HandPaymentKnownError,
    OtherPayoutOpenError,
    PayoutPaidAlreadyError,
    PayoutUnderWayError,
    SelfApprovalError,
)


class HandPaymentFields(InputSerializer):
    """A payment outside the providers, with its evidence."""

    reference = LineField(max_length=LONGEST_REFERENCE, help_text="Of the bank.")
    paid_on = serializers.DateField()
    reason = LineField(min_length=REASON_LENGTH[0], max_length=LONGEST_REASON)
    file = serializers.FileField(max_length=255, allow_empty_file=True, help_text="PDF, JPEG or PNG; at most 5 MB.")


class OperatorMarkPaidApi(OperatorApi):
    """Record of a payment by hand."""

    parser_classes = (MultiPartParser,)

    @takes_key()
    @extend_schema(
        operation_id="operator_hand_payment_create",
        summary="Record that a payout was paid by hand",
        tags=TAGS,
        request={"multipart/form-data": HandPaymentFields},
        responses={
            201: HandPaymentOutput,
            400: INVALID,
            **refusals(
                NotFoundError,
                PayoutUnderWayError,
                PayoutPaidAlreadyError,
                HandPaymentKnownError,
                OtherPayoutOpenError,
                BalanceChangedError,
            ),
        },
        examples=[answer("The payment", examples.HAND_PAYMENT, status=201)],
    )
    def post(self, request: Request, payout_id: UUID) -> Response:
        """Book a payout as paid outside the provider; above the limit of a day once another operator confirms it.

        It is refused while a transfer of the payout is under way, or could still arrive.
        """
        data: dict[str, Any] = checked(HandPaymentFields, request.data)
        payment = services.mark_paid(
            payout_id=payout_id,
            data=HandPaymentInput(data["reference"], data["paid_on"], data["reason"]),
            upload=data["file"],
            file_name=data["file"].name,
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        return Response(HandPaymentOutput(payment).data, status=201)


class OperatorHandPaymentApproveApi(OperatorApi):
    """Confirmation of a payment by hand."""

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="operator_hand_payment_approve",
        summary="Confirm a payment by hand",
        tags=TAGS,
        request=None,
        responses={200: HandPaymentOutput, **refusals(NotFoundError, HandPaymentDecidedError, SelfApprovalError)},
        examples=[answer("The payment", examples.HAND_PAYMENT)],
    )
    def post(self, request: Request, payout_id: UUID) -> Response:
        """Book the payment that another operator has recorded."""
        payment = services.approve_hand_payment(
            payout_id=payout_id, actor_id=signed_in_user(request).pk, now=timezone.now()
        )
        return Response(HandPaymentOutput(payment).data)


class OperatorHandPaymentRefuseApi(OperatorApi):
    """End of a payment by hand that was not made."""

    @takes_key()
    @extend_schema(
        operation_id="operator_hand_payment_refuse",
        summary="Refuse a payment by hand",
        tags=TAGS,
        request=PayoutReasonInput,
        responses={200: HandPaymentOutput, 400: INVALID, **refusals(NotFoundError, HandPaymentDecidedError)},
        examples=[
            sent("Why", {"reason": "The bank knows no such transfer."}),
            answer("The payment", examples.HAND_PAYMENT | {"status": "refused"}),
        ],
    )
    def post(self, request: Request, payout_id: UUID) -> Response:
        """Take a payment that waits as not made; the money is available to the shop again."""
        reason = checked(PayoutReasonInput, request.data)["reason"]
        payment = services.refuse_hand_payment(
            payout_id=payout_id, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now()
        )
        return Response(HandPaymentOutput(payment).data)
