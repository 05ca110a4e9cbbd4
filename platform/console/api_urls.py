"""The operators' API, under `/api/v1/operator/`."""

from django.urls import path

from console.api import (
    applications,
    audit_log,
    categories,
    checks,
    commission,
    commission_plans,
    commission_rules,
    commission_trials,
    disputes,
    documents,
    hand_payments,
    messages,
    money,
    order_address,
    order_commission,
    part_moves,
    payout_schedules,
    payouts,
    people,
    reconciliation,
    refunds,
    releases,
    returns,
    search,
    shop_list,
    shops,
    statements,
    station_parcels,
    stations,
    yearly,
)

urlpatterns = [
    path("orders/", money.OperatorOrderListApi.as_view(), name="operator-orders"),
    path("orders/<str:number>/", money.OperatorOrderApi.as_view(), name="operator-order"),
    path(
        "orders/<str:number>/address/",
        order_address.OperatorOrderAddressApi.as_view(),
        name="operator-order-address",
    ),
    path("orders/<str:number>/cancel/", money.OperatorOrderCancelApi.as_view(), name="operator-order-cancel"),
    path("orders/<str:number>/parts/<str:part>/pack/", part_moves.OperatorPackApi.as_view(), name="operator-part-pack"),
    path("orders/<str:number>/parts/<str:part>/undo/", part_moves.OperatorUndoApi.as_view(), name="operator-part-undo"),
    path(
        "orders/<str:number>/parts/<str:part>/shipments/",
        part_moves.OperatorShipmentsApi.as_view(),
        name="operator-shipments",
    ),
    path(
        "orders/<str:number>/parts/<str:part>/shipments/<int:shipment_id>/",
        part_moves.OperatorShipmentApi.as_view(),
        name="operator-shipment",
    ),
    path(
        "orders/<str:number>/parts/<str:part>/shipments/<int:shipment_id>/deliver/",
        part_moves.OperatorShipmentDeliverApi.as_view(),
        name="operator-shipment-deliver",
    ),
    path(
        "orders/<str:number>/parts/<str:part>/shipments/<int:shipment_id>/undo/",
        part_moves.OperatorShipmentUndoApi.as_view(),
        name="operator-shipment-undo",
    ),
    path(
        "orders/<str:number>/parts/<str:part>/deliver/",
        station_parcels.OperatorPartDeliverApi.as_view(),
        name="operator-part-deliver",
    ),
    path(
        "orders/<str:number>/parts/<str:part>/commission/",
        order_commission.OperatorPartCommissionApi.as_view(),
        name="operator-part-commission",
    ),
    path("orders/<str:number>/refunds/", refunds.OperatorOrderRefundApi.as_view(), name="operator-order-refunds"),
    path("orders/<str:number>/invoices/", documents.OperatorInvoicesApi.as_view(), name="operator-order-invoices"),
    path(
        "orders/<str:number>/invoices/<str:sub_order>/",
        documents.OperatorInvoiceApi.as_view(),
        name="operator-order-invoice",
    ),
    path(
        "orders/<str:number>/invoices/<str:sub_order>/credit-notes/<int:position>/",
        documents.OperatorCreditNoteApi.as_view(),
        name="operator-order-credit-note",
    ),
    path("orders/<str:number>/messages/", messages.OperatorOrderMessagesApi.as_view(), name="operator-order-messages"),
    path(
        "message-photos/<uuid:picture_id>/",
        messages.OperatorMessagePhotoApi.as_view(),
        name="operator-message-photo",
    ),
    path("returns/", returns.OperatorReturnListApi.as_view(), name="operator-returns"),
    path("return-photos/<uuid:photo_id>/", returns.OperatorReturnPhotoApi.as_view(), name="operator-return-photo"),
    path("returns/<uuid:return_id>/", returns.OperatorReturnApi.as_view(), name="operator-return"),
    path("returns/<uuid:return_id>/accept/", returns.OperatorReturnAcceptApi.as_view(), name="operator-return-accept"),
    path("returns/<uuid:return_id>/refuse/", returns.OperatorReturnRefuseApi.as_view(), name="operator-return-refuse"),
    path(
        "returns/<uuid:return_id>/receive/", returns.OperatorReturnReceiveApi.as_view(), name="operator-return-receive"
    ),
    path("payments/", money.OperatorPaymentListApi.as_view(), name="operator-payments"),
    path("payments/<str:reference>/", money.OperatorPaymentApi.as_view(), name="operator-payment"),
    path("refunds/", money.OperatorRefundListApi.as_view(), name="operator-refunds"),
    path("refunds/<uuid:refund_id>/", money.OperatorRefundApi.as_view(), name="operator-refund"),
    path(
        "commission-rules/", commission_rules.OperatorCommissionRuleListApi.as_view(), name="operator-commission-rules"
    ),
    path(
        "commission-rules/<uuid:rule_id>/",
        commission_rules.OperatorCommissionRuleApi.as_view(),
        name="operator-commission-rule",
    ),
    path(
        "commission-rules/<uuid:rule_id>/switch-on/",
        commission_rules.OperatorCommissionRuleSwitchOnApi.as_view(),
        name="operator-commission-rule-switch-on",
    ),
    path(
        "commission-rules/<uuid:rule_id>/discard/",
        commission_rules.OperatorCommissionRuleDiscardApi.as_view(),
        name="operator-commission-rule-discard",
    ),
    path(
        "commission-rules/<uuid:rule_id>/end/",
        commission_rules.OperatorCommissionRuleEndApi.as_view(),
        name="operator-commission-rule-end",
    ),
    path(
        "commission-rules/<uuid:rule_id>/try/",
        commission_trials.OperatorCommissionTrialApi.as_view(),
        name="operator-commission-rule-try",
    ),
    path("commission-plans/", commission_plans.OperatorPlanListApi.as_view(), name="operator-commission-plans"),
    path("shops/<slug:slug>/plan/", commission_plans.OperatorShopPlanApi.as_view(), name="operator-shop-plan"),
    path("payout-runs/", payouts.OperatorPayoutRunListApi.as_view(), name="operator-payout-runs"),
    path(
        "payout-runs/<uuid:run_id>/approve/",
        payouts.OperatorPayoutRunApproveApi.as_view(),
        name="operator-payout-run-approve",
    ),
    path(
        "payout-runs/<uuid:run_id>/cancel/",
        payouts.OperatorPayoutRunCancelApi.as_view(),
        name="operator-payout-run-cancel",
    ),
    path("disputes/", disputes.OperatorDisputeListApi.as_view(), name="operator-disputes"),
    path("disputes/<uuid:dispute_id>/", disputes.OperatorDisputeApi.as_view(), name="operator-dispute"),
    path(
        "disputes/<uuid:dispute_id>/evidence/",
        disputes.OperatorDisputeEvidenceApi.as_view(),
        name="operator-dispute-evidence",
    ),
    path(
        "disputes/<uuid:dispute_id>/accept/",
        disputes.OperatorDisputeAcceptApi.as_view(),
        name="operator-dispute-accept",
    ),
    path("reconciliation/", reconciliation.OperatorReconciliationApi.as_view(), name="operator-reconciliation"),
    path(
        "reconciliation/<uuid:difference_id>/end/",
        reconciliation.OperatorDifferenceEndApi.as_view(),
        name="operator-reconciliation-end",
    ),
    path("checks/", checks.OperatorChecksApi.as_view(), name="operator-checks"),
    path("findings/", checks.OperatorFindingsApi.as_view(), name="operator-findings"),
    path(
        "findings/<uuid:finding_id>/acknowledge/",
        checks.OperatorFindingAcknowledgeApi.as_view(),
        name="operator-finding-acknowledge",
    ),
    path("payouts/", payouts.OperatorPayoutListApi.as_view(), name="operator-payouts"),
    path(
        "payouts/<uuid:payout_id>/mark-paid/",
        hand_payments.OperatorMarkPaidApi.as_view(),
        name="operator-payout-mark-paid",
    ),
    path(
        "payouts/<uuid:payout_id>/mark-paid/approve/",
        hand_payments.OperatorHandPaymentApproveApi.as_view(),
        name="operator-payout-mark-paid-approve",
    ),
    path(
        "payouts/<uuid:payout_id>/mark-paid/refuse/",
        hand_payments.OperatorHandPaymentRefuseApi.as_view(),
        name="operator-payout-mark-paid-refuse",
    ),
    path(
        "payouts/<uuid:payout_id>/statement/",
        statements.OperatorPayoutStatementApi.as_view(),
        name="operator-payout-statement",
    ),
    path("payouts/<uuid:payout_id>/hold/", payouts.OperatorPayoutHoldApi.as_view(), name="operator-payout-hold"),
    path(
        "payouts/<uuid:payout_id>/release/", payouts.OperatorPayoutReleaseApi.as_view(), name="operator-payout-release"
    ),
    path(
        "payouts/<uuid:payout_id>/resolve/", payouts.OperatorPayoutResolveApi.as_view(), name="operator-payout-resolve"
    ),
    path("payouts/<uuid:payout_id>/retry/", payouts.OperatorPayoutRetryApi.as_view(), name="operator-payout-retry"),
    path("people/", people.OperatorPersonListApi.as_view(), name="operator-people"),
    path("people/<int:person_id>/", people.OperatorPersonApi.as_view(), name="operator-person"),
    path("shops/", shop_list.OperatorShopListApi.as_view(), name="operator-shops"),
    path("shops/<slug:slug>/", shop_list.OperatorShopApi.as_view(), name="operator-shop"),
    path("search/", search.OperatorSearchApi.as_view(), name="operator-search"),
    path("audit-log/", audit_log.OperatorAuditLogApi.as_view(), name="operator-audit-log"),
    path("categories/", categories.OperatorCategoryListApi.as_view(), name="operator-categories"),
    path("categories/<int:category_id>/", categories.OperatorCategoryApi.as_view(), name="operator-category"),
    path(
        "categories/<int:category_id>/remove/",
        categories.OperatorCategoryRemoveApi.as_view(),
        name="operator-category-remove",
    ),
    path("stations/", stations.OperatorStationListApi.as_view(), name="operator-stations"),
    path("stations/<uuid:station_id>/", stations.OperatorStationApi.as_view(), name="operator-station"),
    path(
        "shops/<slug:slug>/payout-schedule/",
        payout_schedules.OperatorPayoutScheduleApi.as_view(),
        name="operator-payout-schedule",
    ),
    path("shops/<slug:slug>/balance/", releases.OperatorShopBalanceApi.as_view(), name="operator-balance"),
    path(
        "shops/<slug:slug>/release-terms/",
        releases.OperatorReleaseTermsApi.as_view(),
        name="operator-release-terms",
    ),
    path("shops/<slug:slug>/releases/", releases.OperatorReleaseListApi.as_view(), name="operator-releases"),
    path(
        "shops/<slug:slug>/releases/<str:number>/hold/",
        releases.OperatorReleaseHoldApi.as_view(),
        name="operator-release-hold",
    ),
    path(
        "shops/<slug:slug>/releases/<str:number>/end-hold/",
        releases.OperatorReleaseEndHoldApi.as_view(),
        name="operator-release-end-hold",
    ),
    path(
        "shops/<slug:slug>/releases/<str:number>/release/",
        releases.OperatorReleaseEarlyApi.as_view(),
        name="operator-release-early",
    ),
    path("shops/<slug:slug>/statements/", statements.OperatorStatementListApi.as_view(), name="operator-statements"),
    path(
        "shops/<slug:slug>/statements/years/<str:year>/",
        yearly.OperatorYearApi.as_view(),
        name="operator-year-statement",
    ),
    path(
        "shops/<slug:slug>/statements/<str:month>/",
        statements.OperatorStatementApi.as_view(),
        name="operator-statement",
    ),
    path("shops/<slug:slug>/status/", shops.OperatorShopStatusApi.as_view(), name="operator-shop-status"),
    path(
        "shops/<slug:slug>/commission/", commission.OperatorShopCommissionApi.as_view(), name="operator-shop-commission"
    ),
    path("applications/", applications.OperatorApplicationListApi.as_view(), name="operator-applications"),
    path(
        "applications/<uuid:application_id>/",
        applications.OperatorApplicationApi.as_view(),
        name="operator-application",
    ),
    path(
        "applications/<uuid:application_id>/documents/<uuid:document_id>/",
        applications.OperatorDocumentApi.as_view(),
        name="operator-application-document",
    ),
    path(
        "applications/<uuid:application_id>/approve/",
        applications.OperatorApproveApi.as_view(),
        name="operator-application-approve",
    ),
    path(
        "applications/<uuid:application_id>/ask/",
        applications.OperatorAskApi.as_view(),
        name="operator-application-ask",
    ),
    path(
        "applications/<uuid:application_id>/refuse/",
        applications.OperatorRefuseApi.as_view(),
        name="operator-application-refuse",
    ),
]
