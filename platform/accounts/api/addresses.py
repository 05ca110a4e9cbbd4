"""The address book."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors
from accounts.access import signed_in_user
from accounts.api.base import answer
from accounts.errors import TooManyAddressesError
from accounts.models import Address
from accounts.serializers import EXAMPLE_ADDRESS, AddressPageOutput, AddressSerializer
from accounts.services import addresses
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.input import PageQuery
from kit.api.lists import asked_window, page_body
from kit.api.refusals import CHANGED_MEANWHILE, refusal
from kit.api.refusals import answer as answered
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current

TAG = ["Addresses"]
BOOK_ENTRY = {"id": 12, **EXAMPLE_ADDRESS}


def _one(address: Address, **sent: Any) -> Response:
    response = answer(AddressSerializer(address).data, **sent)
    response["ETag"] = entity_tag(selectors.address_version(address))
    return response


class AddressListApi(APIView):
    """The address book."""

    query_class = PageQuery
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        tags=TAG,
        operation_id="addresses_list",
        summary="List addresses",
        responses={200: AddressPageOutput},
        examples=[answered("A page", {"count": 1, "next": None, "previous": None, "results": [BOOK_ENTRY]})],
    )
    def get(self, request: Request) -> Response:
        """List the addresses, the default of deliveries first."""
        book = selectors.addresses_of(user_id=signed_in_user(request).pk)
        window = asked_window(request)
        shown = book[window.offset : window.offset + window.size]
        return Response(page_body(request, count=len(book), results=AddressSerializer(shown, many=True).data))

    @takes_key()
    @extend_schema(
        tags=TAG,
        operation_id="address_create",
        summary="Add an address",
        request=AddressSerializer,
        responses={201: AddressSerializer, 409: refusal("The book is full.", TooManyAddressesError)},
    )
    def post(self, request: Request) -> Response:
        """Add an address; the first one becomes the default."""
        data = AddressSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        address = addresses.add_address(
            user_id=signed_in_user(request).pk,
            data=data.to_input(),
            is_default=data.validated_data["is_default"],
            is_billing_default=data.validated_data["is_billing_default"],
        )
        return _one(address, status=HTTPStatus.CREATED, headers=located(f"{request.path}{address.pk}/"))


class AddressApi(APIView):
    """One address."""

    takes_parts = True

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        tags=TAG,
        operation_id="address_read",
        summary="Read an address",
        responses={200: AddressSerializer},
    )
    def get(self, request: Request, address_id: int) -> Response:
        """Read an address."""
        return _one(self._address(request, address_id))

    @extend_schema(
        tags=TAG,
        operation_id="address_update",
        summary="Change an address",
        request=AddressSerializer(partial=True),
        parameters=[IF_MATCH],
        responses={200: AddressSerializer, 412: CHANGED_MEANWHILE},
    )
    def patch(self, request: Request, address_id: int) -> Response:
        """Change an address, or make it the default of deliveries or of bills."""
        data = AddressSerializer(self._address(request, address_id), data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        with telling_the_current(lambda: AddressSerializer(self._address(request, address_id)).data):
            address = addresses.revise_address(
                user_id=signed_in_user(request).pk,
                address_id=address_id,
                revise=data.to_input,
                is_default=data.validated_data.get("is_default", False),
                is_billing_default=data.validated_data.get("is_billing_default"),
                seen=sent_tags(request),
            )
        return _one(address)

    @extend_schema(
        tags=TAG,
        operation_id="address_delete",
        summary="Delete an address",
        parameters=[IF_MATCH],
        responses={204: None, 412: CHANGED_MEANWHILE},
    )
    def delete(self, request: Request, address_id: int) -> Response:
        """Delete an address; the newest of the others becomes the default if this one was."""
        with telling_the_current(lambda: AddressSerializer(self._address(request, address_id)).data):
            addresses.delete_address(user_id=signed_in_user(request).pk, address_id=address_id, seen=sent_tags(request))
        return Response(status=HTTPStatus.NO_CONTENT)

    @staticmethod
    def _address(request: Request, address_id: int) -> Address:
        return selectors.get_address(user_id=signed_in_user(request).pk, address_id=address_id)
