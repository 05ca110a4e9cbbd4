"""The shop's coupons over the API."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.capabilities import MANAGE_COUPONS, VIEW_COUPONS
from checkout.coupons.keeping import change_coupon, create_coupon, delete_coupon
from checkout.coupons.selectors import coupon_version, coupons_kept, get_coupon
from checkout.coupons.watching import figures_of
from checkout.errors import CouponCodeTakenError, CouponNotFoundError
from checkout.models import Coupon
from kit.api.idempotent import takes_key
from kit.api.input import PageQuery, query_of, search_field
from kit.api.lists import asked_window, page_body
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusals, sent
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from vendors.access import StaffApi, shop_of
from vendors.api.examples import COUPON, NEW_COUPON
from vendors.serializers.coupons import CouponData, CouponOutput, CouponPageOutput, CouponPatch

TAGS = ["Coupons"]
TAKEN = refusals(
    CouponCodeTakenError,
    details={CouponCodeTakenError: {"code": ["You already have a coupon with this code. Choose another code."]}},
)
NONE = refusals(CouponNotFoundError)


class ShopCouponsQuery(PageQuery):
    """Filter of coupons."""

    search = search_field("Part of a code.")


class ShopCouponListApi(StaffApi):
    """The shop's coupons."""

    query_class = ShopCouponsQuery
    capabilities: ClassVar = {"GET": VIEW_COUPONS, "POST": MANAGE_COUPONS}

    @extend_schema(
        operation_id="shop_coupons_list",
        summary="List your coupons",
        tags=TAGS,
        responses={200: CouponPageOutput, 400: INVALID},
        examples=[answer("A page", {"count": 1, "next": None, "previous": None, "results": [COUPON]})],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's coupons, newest first, with their uses, revenue and cost."""
        window = asked_window(request)
        found = coupons_kept(
            shop_id=shop_of(request).pk,
            search=query_of(request).get("search", ""),
            offset=window.offset,
            limit=window.size,
        )
        context = {"figures": figures_of(found.coupons)}
        results = CouponOutput(found.coupons, many=True, context=context).data
        return Response(page_body(request, count=found.count, results=results))

    @takes_key()
    @extend_schema(
        operation_id="shop_coupon_create",
        summary="Create a coupon",
        tags=TAGS,
        request=CouponData,
        responses={201: CouponOutput, 400: INVALID, **TAKEN},
        examples=[sent("A tenth off", NEW_COUPON), answer("The coupon", COUPON, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Make a coupon; the shop itself pays for what it takes off."""
        data = CouponData(data=request.data)
        data.is_valid(raise_exception=True)
        coupon = create_coupon(
            shop=shop_of(request), data=data.to_input(), actor_id=signed_in_user(request).pk, now=timezone.now()
        )
        answered = _answer(coupon, status=HTTPStatus.CREATED)
        answered["Location"] = f"{request.path}{coupon.pk}/"
        return answered


class ShopCouponApi(StaffApi):
    """One coupon."""

    takes_parts = True
    capabilities: ClassVar = {"GET": VIEW_COUPONS, "PATCH": MANAGE_COUPONS, "DELETE": MANAGE_COUPONS}

    @extend_schema(
        operation_id="shop_coupon_read",
        summary="Read a coupon",
        tags=TAGS,
        responses={200: CouponOutput, **NONE},
        examples=[answer("The coupon", COUPON)],
    )
    def get(self, request: Request, coupon_id: UUID) -> Response:
        """Return a coupon with its uses, revenue and cost."""
        return _answer(get_coupon(shop_id=shop_of(request).pk, coupon_id=coupon_id))

    @takes_key()
    @extend_schema(
        operation_id="shop_coupon_update",
        summary="Change a coupon",
        tags=TAGS,
        request=CouponPatch,
        parameters=[IF_MATCH],
        responses={200: CouponOutput, 400: INVALID, **NONE, **TAKEN, 412: CHANGED_MEANWHILE},
        examples=[sent("Pause it", {"is_paused": True}), answer("The coupon", {**COUPON, "is_paused": True})],
    )
    def patch(self, request: Request, coupon_id: UUID) -> Response:
        """Change the fields that are sent; orders that were placed with it stay as they are."""
        data = CouponPatch(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        shop = shop_of(request)
        with telling_the_current(lambda: _body(get_coupon(shop_id=shop.pk, coupon_id=coupon_id))):
            coupon = change_coupon(
                shop=shop,
                coupon_id=coupon_id,
                changes=data.validated_data,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(coupon)

    @extend_schema(
        operation_id="shop_coupon_delete",
        summary="Delete a coupon",
        tags=TAGS,
        parameters=[IF_MATCH],
        responses={204: None, **NONE, 412: CHANGED_MEANWHILE},
    )
    def delete(self, request: Request, coupon_id: UUID) -> Response:
        """Delete a coupon: it can't be used any more, and its code is free for another."""
        shop = shop_of(request)
        with telling_the_current(lambda: _body(get_coupon(shop_id=shop.pk, coupon_id=coupon_id))):
            delete_coupon(
                shop=shop,
                coupon_id=coupon_id,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return Response(status=HTTPStatus.NO_CONTENT)


def _answer(coupon: Coupon, *, status: int = HTTPStatus.OK) -> Response:
    return Response(_body(coupon), status=status, headers={"ETag": entity_tag(coupon_version(coupon))})


def _body(coupon: Coupon) -> Any:
    return CouponOutput(coupon, context={"figures": figures_of([coupon])}).data
