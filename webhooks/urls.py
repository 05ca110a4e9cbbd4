"""Where providers post their events."""

from django.urls import path

from webhooks.views import receive_paystack

app_name = "webhooks"
urlpatterns = [path("paystack/", receive_paystack, name="paystack")]
