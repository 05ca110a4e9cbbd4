"""Pages of cart, checkout and orders."""

from django.urls import path

from checkout.views.addressing import OrderAddressView
from checkout.views.buy_link import BuyLinkView
from checkout.views.cart_add import CartAddView
from checkout.views.carts import CartChangeView, CartView
from checkout.views.checkout import CheckoutView
from checkout.views.destination import DestinationView
from checkout.views.documents import CreditNoteView, InvoiceView
from checkout.views.fair_sales import FairSalesView
from checkout.views.find_order import FindOrderView
from checkout.views.messages import ConversationView, MessagePhotoView
from checkout.views.orders import OrderCancelView, OrdersView, OrderView
from checkout.views.payments import OrderPayView, PaymentReturnView
from checkout.views.receiving import OrderReceivedView
from checkout.views.reordering import OrderReorderView
from checkout.views.returns import AskReturnView, ReturnPhotoView, ReturnView
from checkout.views.waiting_room import WaitingRoomView

app_name = "checkout"
urlpatterns = [
    path("cart/", CartView.as_view(), name="cart"),
    path("cart/add/", CartAddView.as_view(), name="cart-add"),
    path("cart/change/", CartChangeView.as_view(), name="cart-change"),
    path("waiting-room/<uuid:listing_id>/", WaitingRoomView.as_view(), name="waiting-room"),
    path("fair-sales/", FairSalesView.as_view(), name="fair-sales"),
    path("buy/<str:lines>/", BuyLinkView.as_view(), name="buy"),
    path("cart/destination/", DestinationView.as_view(), name="destination"),
    path("checkout/", CheckoutView.as_view(), name="checkout"),
    path("orders/", OrdersView.as_view(), name="orders"),
    path("orders/find/", FindOrderView.as_view(), name="order-find"),
    path("orders/<str:number>/", OrderView.as_view(), name="order"),
    path("orders/<str:number>/pay/", OrderPayView.as_view(), name="order-pay"),
    path("orders/<str:number>/cancel/", OrderCancelView.as_view(), name="order-cancel"),
    path("orders/<str:number>/address/", OrderAddressView.as_view(), name="order-address"),
    path("orders/<str:number>/reorder/", OrderReorderView.as_view(), name="order-reorder"),
    path("orders/<str:number>/received/", OrderReceivedView.as_view(), name="order-received"),
    path("orders/<str:number>/invoices/<str:sub_order>/", InvoiceView.as_view(), name="invoice"),
    path(
        "orders/<str:number>/invoices/<str:sub_order>/credit-notes/<int:position>/",
        CreditNoteView.as_view(),
        name="credit-note",
    ),
    path("orders/<str:number>/messages/<str:sub_order>/", ConversationView.as_view(), name="conversation"),
    path("orders/<str:number>/messages/photos/<uuid:picture_id>/", MessagePhotoView.as_view(), name="message-photo"),
    path("orders/<str:number>/return/", AskReturnView.as_view(), name="return-ask"),
    path("orders/<str:number>/returns/photos/<uuid:photo_id>/", ReturnPhotoView.as_view(), name="return-photo"),
    path("orders/<str:number>/returns/<uuid:return_id>/", ReturnView.as_view(), name="order-return"),
    path("payments/return/", PaymentReturnView.as_view(), name="payment-return-query"),
    path("payments/return/<str:reference>/", PaymentReturnView.as_view(), name="payment-return"),
]
