"""Pages."""

from django.urls import path

from console.views import (
    applications,
    audit_log,
    domains,
    fairness,
    inbox,
    ledger,
    migrations,
    orders,
    overview,
    payments,
    people,
    shops,
)

app_name = "console"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("applications/", applications.application_list, name="applications"),
    path("applications/<uuid:application_id>/", applications.application_page, name="application"),
    path("applications/<uuid:application_id>/approve/", applications.application_approve, name="application-approve"),
    path("applications/<uuid:application_id>/ask/", applications.application_ask, name="application-ask"),
    path("applications/<uuid:application_id>/refuse/", applications.application_refuse, name="application-refuse"),
    path(
        "applications/<uuid:application_id>/check-account/",
        applications.application_check_account,
        name="application-check-account",
    ),
    path(
        "applications/<uuid:application_id>/documents/<uuid:document_id>/",
        applications.application_document,
        name="application-document",
    ),
    path("shops/", shops.shop_list, name="shops"),
    path("shops/<slug:slug>/", shops.shop_page, name="shop"),
    path("shops/<slug:slug>/domains/<uuid:claim_id>/remove/", domains.shop_domain_remove, name="shop-domain-remove"),
    path("shops/<slug:slug>/<slug:action>/", shops.shop_act, name="shop-act"),
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
    path("people/forget/", people.forget, name="person-forget"),
    path("bulk-jobs/", fairness.bulk_jobs, name="bulk-jobs"),
    path("bulk-jobs/<uuid:job_id>/", fairness.bulk_job, name="bulk-job"),
    path("bulk-jobs/<uuid:job_id>/cancel/", fairness.bulk_job_act, {"action": "cancel"}, name="bulk-job-cancel"),
    path("bulk-jobs/<uuid:job_id>/retry/", fairness.bulk_job_act, {"action": "retry"}, name="bulk-job-retry"),
    path("traffic/", fairness.traffic, name="traffic"),
    path("traffic/<slug:slug>/", fairness.shop_limit, name="shop-limit"),
    path("audit-log/", audit_log.audit_log, name="audit-log"),
]
