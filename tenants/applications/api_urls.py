"""Opening a shop, under `/api/v1/` on the platform's host."""

from django.urls import path

from tenants.applications.api import applications, documents

urlpatterns = [
    path("banks/", applications.BankListApi.as_view(), name="banks"),
    path("applications/", applications.ApplicationListApi.as_view(), name="applications"),
    path("applications/<uuid:application_id>/", applications.ApplicationApi.as_view(), name="application"),
    path(
        "applications/<uuid:application_id>/account/",
        applications.ApplicationAccountApi.as_view(),
        name="application-account",
    ),
    path(
        "applications/<uuid:application_id>/documents/",
        documents.ApplicationDocumentListApi.as_view(),
        name="application-documents",
    ),
    path(
        "applications/<uuid:application_id>/documents/<uuid:document_id>/",
        documents.ApplicationDocumentApi.as_view(),
        name="application-document",
    ),
    path(
        "applications/<uuid:application_id>/submit/",
        applications.ApplicationSubmitApi.as_view(),
        name="application-submit",
    ),
    path(
        "applications/<uuid:application_id>/withdraw/",
        applications.ApplicationWithdrawApi.as_view(),
        name="application-withdraw",
    ),
]
