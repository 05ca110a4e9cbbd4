"""Pages."""

from django.urls import path

from console.views import audit_log, inbox, ledger, migrations, orders, overview, payments, shops

app_name = "console"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("shops/", shops.shop_list, name="shops"),
    path("shops/<slug:slug>/", shops.shop_page, name="shop"),
    path("shops/<slug:slug>/suspend/", shops.shop_act, {"action": "suspend"}, name="shop-suspend"),
    path("shops/<slug:slug>/restore/", shops.shop_act, {"action": "restore"}, name="shop-restore"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<str:number>/", orders.order_page, name="order"),
    path("orders/<str:number>/refunds/<uuid:refund_id>/retry/", payments.refund_retry, name="refund-retry"),
    path("orders/<str:number>/payments/<slug:reference>/dismiss/", payments.payment_dismiss, name="payment-dismiss"),
    path("payments/", payments.payment_list, name="payments"),
    path("refunds/", payments.refund_list, name="refunds"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:event_id>/", inbox.inbox_event, name="inbox-event"),
    path("inbox/<int:event_id>/replay/", inbox.inbox_replay, name="inbox-replay"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/journals/", ledger.journal_list, name="ledger-journals"),
    path("ledger/journals/<int:journal_id>/", ledger.journal_page, name="ledger-journal"),
    path("migrations/", migrations.migration_list, name="migrations"),
    path("audit-log/", audit_log.audit_log, name="audit-log"),
]
