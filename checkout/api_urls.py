"""API addresses of cart, checkout and orders."""

from django.urls import path

from checkout.api.addressing import OrderAddressApi
from checkout.api.cancelling import OrderCancelApi
from checkout.api.carts import CartApi, CartItemApi, CartItemsApi, CartQuoteApi
from checkout.api.coupons import CartCouponApi, CartCouponsApi, CouponListApi, CouponValidateApi
from checkout.api.documents import OrderCreditNoteApi, OrderInvoiceApi, OrderInvoicesApi
from checkout.api.find_order import OrderFindApi
from checkout.api.messages import (
    MessagePhotoApi,
    MessagePhotoListApi,
    OrderMessageListApi,
    OrderMessagesReadApi,
)
from checkout.api.orders import CheckoutApi, OrderApi, OrderPayApi, OrdersApi
from checkout.api.payments import OrderPaymentsApi
from checkout.api.receiving import OrderReceivedApi
from checkout.api.reordering import OrderReorderApi
from checkout.api.returns import (
    OrderReturnApi,
    OrderReturnCancelApi,
    OrderReturnEscalateApi,
    OrderReturnListApi,
    OrderReturnReplyApi,
    ReturnPhotoApi,
    ReturnPhotoListApi,
)
from checkout.api.stations import StationsApi
from checkout.api.waiting_rooms import WaitingRoomApi

urlpatterns = [
    path("cart/", CartApi.as_view(), name="api-cart"),
    path("cart/quote/", CartQuoteApi.as_view(), name="api-cart-quote"),
    path("cart/items/", CartItemsApi.as_view(), name="api-cart-items"),
    path("cart/items/<uuid:variant_id>/", CartItemApi.as_view(), name="api-cart-item"),
    path("cart/coupons/", CartCouponsApi.as_view(), name="api-cart-coupons"),
    path("cart/coupons/<str:code>/", CartCouponApi.as_view(), name="api-cart-coupon"),
    path("stations/", StationsApi.as_view(), name="api-stations"),
    path("coupons/", CouponListApi.as_view(), name="api-coupons"),
    path("coupons/validate/", CouponValidateApi.as_view(), name="api-coupon-validate"),
    path("waiting-rooms/<uuid:listing_id>/", WaitingRoomApi.as_view(), name="api-waiting-room"),
    path("checkout/", CheckoutApi.as_view(), name="api-checkout"),
    path("orders/", OrdersApi.as_view(), name="api-orders"),
    path("orders/find/", OrderFindApi.as_view(), name="api-order-find"),
    path("orders/<str:number>/", OrderApi.as_view(), name="api-order"),
    path("orders/<str:number>/payments/", OrderPaymentsApi.as_view(), name="api-order-payments"),
    path("orders/<str:number>/pay/", OrderPayApi.as_view(), name="api-order-pay"),
    path("orders/<str:number>/messages/", OrderMessageListApi.as_view(), name="api-order-messages"),
    path("orders/<str:number>/messages/read/", OrderMessagesReadApi.as_view(), name="api-order-messages-read"),
    path("orders/<str:number>/message-photos/", MessagePhotoListApi.as_view(), name="api-message-photos"),
    path("orders/<str:number>/message-photos/<uuid:picture_id>/", MessagePhotoApi.as_view(), name="api-message-photo"),
    path("orders/<str:number>/returns/", OrderReturnListApi.as_view(), name="api-order-returns"),
    path("orders/<str:number>/return-photos/", ReturnPhotoListApi.as_view(), name="api-return-photos"),
    path("orders/<str:number>/return-photos/<uuid:photo_id>/", ReturnPhotoApi.as_view(), name="api-return-photo"),
    path("orders/<str:number>/returns/<uuid:return_id>/", OrderReturnApi.as_view(), name="api-order-return"),
    path(
        "orders/<str:number>/returns/<uuid:return_id>/cancel/",
        OrderReturnCancelApi.as_view(),
        name="api-order-return-cancel",
    ),
    path(
        "orders/<str:number>/returns/<uuid:return_id>/reply/",
        OrderReturnReplyApi.as_view(),
        name="api-order-return-reply",
    ),
    path(
        "orders/<str:number>/returns/<uuid:return_id>/escalate/",
        OrderReturnEscalateApi.as_view(),
        name="api-order-return-escalate",
    ),
    path("orders/<str:number>/cancel/", OrderCancelApi.as_view(), name="api-order-cancel"),
    path("orders/<str:number>/address/", OrderAddressApi.as_view(), name="api-order-address"),
    path("orders/<str:number>/received/", OrderReceivedApi.as_view(), name="api-order-received"),
    path("orders/<str:number>/reorder/", OrderReorderApi.as_view(), name="api-order-reorder"),
    path("orders/<str:number>/invoices/", OrderInvoicesApi.as_view(), name="api-order-invoices"),
    path("orders/<str:number>/invoices/<str:sub_order>/", OrderInvoiceApi.as_view(), name="api-order-invoice"),
    path(
        "orders/<str:number>/invoices/<str:sub_order>/credit-notes/<int:position>/",
        OrderCreditNoteApi.as_view(),
        name="api-order-credit-note",
    ),
]
