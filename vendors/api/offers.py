"""The shop's automatic offers over the API."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.capabilities import MANAGE_COUPONS, VIEW_COUPONS
from checkout.errors import OfferNotFoundError, TooManyOffersError
from checkout.models import AutomaticOffer
from checkout.offers.keeping import change_offer, create_offer, delete_offer
from checkout.offers.selectors import get_offer, offer_version, offers_of
from checkout.offers.watching import figures_of
from kit.api.idempotent import takes_key
from kit.api.input import PageQuery
from kit.api.lists import asked_window, page_body
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusals, sent
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from vendors.access import StaffApi, shop_of
from vendors.api.examples import NEW_OFFER, OFFER
from vendors.serializers.offers import OfferData, OfferOutput, OfferPageOutput, OfferPatch

TAGS = ["Offers"]
NONE = refusals(OfferNotFoundError)
FULL = refusals(TooManyOffersError)


class ShopOfferListApi(StaffApi):
    """The shop's automatic offers."""

    query_class = PageQuery
    capabilities: ClassVar = {"GET": VIEW_COUPONS, "POST": MANAGE_COUPONS}

    @extend_schema(
        operation_id="shop_offers_list",
        summary="List your automatic offers",
        tags=TAGS,
        responses={200: OfferPageOutput, 400: INVALID},
        examples=[answer("A page", {"count": 1, "next": None, "previous": None, "results": [OFFER]})],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's automatic offers, newest first, with their uses, revenue and cost."""
        window, found = asked_window(request), offers_of(shop_id=shop_of(request).pk)
        rows = list(found[window.offset : window.offset + window.size])
        results = OfferOutput(rows, many=True, context={"figures": figures_of(rows)}).data
        return Response(page_body(request, count=found.count(), results=results))

    @takes_key()
    @extend_schema(
        operation_id="shop_offer_create",
        summary="Make an automatic offer",
        tags=TAGS,
        request=OfferData,
        responses={201: OfferOutput, 400: INVALID, **FULL},
        examples=[sent("Buy 2, get 1 free", NEW_OFFER), answer("The offer", OFFER, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Make an automatic offer, which needs no code; the shop itself pays for what it takes off.

        A `price_cut` is shown with the earlier price: the least that was asked for the product in the 30 days before.
        """
        data = OfferData(data=request.data)
        data.is_valid(raise_exception=True)
        offer = create_offer(
            shop=shop_of(request), data=data.to_input(), actor_id=signed_in_user(request).pk, now=timezone.now()
        )
        answered = _answer(offer, status=HTTPStatus.CREATED)
        answered["Location"] = f"{request.path}{offer.pk}/"
        return answered


class ShopOfferApi(StaffApi):
    """One automatic offer."""

    takes_parts = True
    capabilities: ClassVar = {"GET": VIEW_COUPONS, "PATCH": MANAGE_COUPONS, "DELETE": MANAGE_COUPONS}

    @extend_schema(
        operation_id="shop_offer_read",
        summary="Read an automatic offer",
        tags=TAGS,
        responses={200: OfferOutput, **NONE},
        examples=[answer("The offer", OFFER)],
    )
    def get(self, request: Request, offer_id: UUID) -> Response:
        """Return an automatic offer with its uses, revenue and cost."""
        return _answer(get_offer(shop_id=shop_of(request).pk, offer_id=offer_id))

    @takes_key()
    @extend_schema(
        operation_id="shop_offer_update",
        summary="Change an automatic offer",
        tags=TAGS,
        request=OfferPatch,
        parameters=[IF_MATCH],
        responses={200: OfferOutput, 400: INVALID, **NONE, 412: CHANGED_MEANWHILE},
        examples=[sent("Pause it", {"is_paused": True}), answer("The offer", {**OFFER, "is_paused": True})],
    )
    def patch(self, request: Request, offer_id: UUID) -> Response:
        """Change the fields that are sent; orders that were placed with it stay as they are."""
        data = OfferPatch(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        shop = shop_of(request)
        with telling_the_current(lambda: _body(get_offer(shop_id=shop.pk, offer_id=offer_id))):
            offer = change_offer(
                shop=shop,
                offer_id=offer_id,
                changes=data.validated_data,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(offer)

    @extend_schema(
        operation_id="shop_offer_delete",
        summary="Delete an automatic offer",
        tags=TAGS,
        parameters=[IF_MATCH],
        responses={204: None, **NONE, 412: CHANGED_MEANWHILE},
    )
    def delete(self, request: Request, offer_id: UUID) -> Response:
        """Delete an automatic offer: it takes nothing off any more."""
        shop = shop_of(request)
        with telling_the_current(lambda: _body(get_offer(shop_id=shop.pk, offer_id=offer_id))):
            delete_offer(
                shop=shop,
                offer_id=offer_id,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return Response(status=HTTPStatus.NO_CONTENT)


def _answer(offer: AutomaticOffer, *, status: int = HTTPStatus.OK) -> Response:
    return Response(_body(offer), status=status, headers={"ETag": entity_tag(offer_version(offer))})


def _body(offer: AutomaticOffer) -> Any:
    return OfferOutput(offer, context={"figures": figures_of([offer])}).data
