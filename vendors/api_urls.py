"""The shop's API, under `/api/v1/` on its host."""

from django.urls import path, re_path

from vendors.api import domains, orders, products, setup, shop, staff, status, stock
from vendors.api.nowhere import NowhereApi

urlpatterns = [
    path("shop/", shop.ShopApi.as_view(), name="shop"),
    path("shop/pictures/", shop.ShopPicturesApi.as_view(), name="shop-pictures"),
    path("setup/", setup.SetupApi.as_view(), name="setup"),
    path("setup/preview/", setup.SetupPreviewApi.as_view(), name="setup-preview"),
    path("setup/go-live/", setup.GoLiveApi.as_view(), name="go-live"),
    path("delivery/", setup.DeliveryApi.as_view(), name="delivery"),
    path("bank-account/", setup.BankAccountApi.as_view(), name="bank-account"),
    path("banks/", setup.ShopBankListApi.as_view(), name="banks"),
    path("balance/", shop.BalanceApi.as_view(), name="balance"),
    path("balance/entries/", shop.BalanceEntryListApi.as_view(), name="balance-entries"),
    path("domains/", domains.DomainListApi.as_view(), name="domains"),
    path("domains/home/", domains.HomeDomainApi.as_view(), name="domain-home"),
    path("domains/<uuid:claim_id>/", domains.DomainDetailApi.as_view(), name="domain"),
    path("domains/<uuid:claim_id>/check/", domains.DomainCheckApi.as_view(), name="domain-check"),
    path("domains/<uuid:claim_id>/primary/", domains.PrimaryDomainApi.as_view(), name="domain-primary"),
    path("products/", products.ProductListApi.as_view(), name="products"),
    path("products/<uuid:product_id>/", products.ProductApi.as_view(), name="product"),
    path("products/<uuid:product_id>/images/", products.ProductImageListApi.as_view(), name="product-images"),
    path("products/<uuid:product_id>/images/<int:image_id>/", products.ProductImageApi.as_view(), name="product-image"),
    path("stock/<uuid:variant_id>/", stock.StockApi.as_view(), name="stock"),
    path("vendor-orders/", orders.VendorOrderListApi.as_view(), name="vendor-orders"),
    path("vendor-orders/<str:number>/", orders.VendorOrderApi.as_view(), name="vendor-order"),
    path("vendor-orders/<str:number>/pack/", orders.PackApi.as_view(), name="vendor-order-pack"),
    path("vendor-orders/<str:number>/ship/", orders.ShipApi.as_view(), name="vendor-order-ship"),
    path("vendor-orders/<str:number>/deliver/", orders.DeliverApi.as_view(), name="vendor-order-deliver"),
    path("members/", staff.MemberListApi.as_view(), name="members"),
    path("members/me/", staff.OwnMembershipApi.as_view(), name="member-me"),
    path("members/<int:member_id>/", staff.MemberApi.as_view(), name="member"),
    path("invitations/", staff.InvitationListApi.as_view(), name="invitations"),
    path("invitations/<uuid:invitation_id>/", staff.InvitationApi.as_view(), name="invitation"),
    path("status/", status.StatusApi.as_view(), name="status"),
    path("status/holiday/", status.HolidayApi.as_view(), name="status-holiday"),
    path("status/closure/", status.ClosureApi.as_view(), name="status-closure"),
    path("status/reopening/", status.ReopeningApi.as_view(), name="status-reopening"),
    path("activity/", staff.ActivityApi.as_view(), name="activity"),
    re_path(r"^.*/$", NowhereApi.as_view(), name="nowhere"),
]
