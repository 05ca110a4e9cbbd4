"""The shop's pages on its own host."""

from django.urls import path

from vendors.views import activity, balance, domains, editing, home, orders, products, staff, status

app_name = "vendors"
urlpatterns = [
    path("", home.front_door, name="front-door"),
    path("dashboard/", home.today, name="today"),
    path("dashboard/products/", products.product_list, name="products"),
    path("dashboard/products/bulk/", products.products_bulk, name="products-bulk"),
    path("dashboard/products/new/", editing.product_new, name="product-new"),
    path("dashboard/products/<uuid:product_id>/", editing.product_page, name="product"),
    path("dashboard/products/<uuid:product_id>/stock/", products.product_stock, name="product-stock"),
    path("dashboard/products/<uuid:product_id>/delete/", products.product_delete, name="product-delete"),
    path("dashboard/orders/", orders.order_list, name="orders"),
    path("dashboard/orders/bulk/", orders.orders_bulk, name="orders-bulk"),
    path("dashboard/orders/<str:number>/", orders.order_page, name="order"),
    path("dashboard/orders/<str:number>/slip/", orders.order_slip, name="order-slip"),
    path("dashboard/orders/<str:number>/pack/", orders.order_pack, name="order-pack"),
    path("dashboard/orders/<str:number>/ship/", orders.order_ship, name="order-ship"),
    path("dashboard/orders/<str:number>/deliver/", orders.order_deliver, name="order-deliver"),
    path("dashboard/settings/domains/", domains.domain_list, name="domains"),
    path("dashboard/settings/domains/home/", domains.domain_home, name="domain-home"),
    path("dashboard/settings/domains/<uuid:claim_id>/check/", domains.domain_check, name="domain-check"),
    path("dashboard/settings/domains/<uuid:claim_id>/primary/", domains.domain_primary, name="domain-primary"),
    path("dashboard/settings/domains/<uuid:claim_id>/remove/", domains.domain_remove, name="domain-remove"),
    path("dashboard/settings/status/", status.shop_status, name="shop-status"),
    path("dashboard/settings/status/holiday/", status.holiday_start, name="holiday-start"),
    path("dashboard/settings/status/holiday/end/", status.holiday_end, name="holiday-end"),
    path("dashboard/settings/status/close/", status.shop_close, name="shop-close"),
    path("dashboard/settings/status/close/cancel/", status.shop_close_cancel, name="shop-close-cancel"),
    path("dashboard/settings/status/reopen/", status.shop_reopen, name="shop-reopen"),
    path("dashboard/balance/", balance.balance, name="balance"),
    path("dashboard/staff/", staff.staff_list, name="staff"),
    path("dashboard/staff/invite/", staff.staff_invite, name="staff-invite"),
    path("dashboard/staff/leave/", staff.staff_leave, name="staff-leave"),
    path("dashboard/staff/<int:member_id>/", staff.staff_member, name="staff-member"),
    path("dashboard/staff/<int:member_id>/remove/", staff.staff_remove, name="staff-remove"),
    path("dashboard/staff/invitations/<uuid:invitation_id>/revoke/", staff.staff_revoke, name="staff-revoke"),
    path("dashboard/activity/", activity.activity, name="activity"),
    path("dashboard/activity/activity.csv", activity.activity_csv, name="activity-csv"),
]
