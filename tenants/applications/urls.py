"""Pages about selling, and of applications, under `/sell/`."""

from django.urls import path

from tenants.applications.views import documents, steps, whole

app_name = "sell"
urlpatterns = [
    path("", whole.landing, name="landing"),
    path("apply/", steps.start, name="apply"),
    path("apply/<uuid:application_id>/", whole.application_page, name="application"),
    path("apply/<uuid:application_id>/shop/", steps.shop_step, name="shop"),
    path("apply/<uuid:application_id>/business/", steps.business_step, name="business"),
    path("apply/<uuid:application_id>/documents/", documents.documents_step, name="documents"),
    path("apply/<uuid:application_id>/documents/<uuid:document_id>/", documents.document, name="document"),
    path("apply/<uuid:application_id>/documents/<uuid:document_id>/remove/", documents.remove, name="document-remove"),
    path("apply/<uuid:application_id>/account/", steps.account_step, name="account"),
    path("apply/<uuid:application_id>/review/", whole.review, name="review"),
    path("apply/<uuid:application_id>/withdraw/", whole.withdraw, name="withdraw"),
]
