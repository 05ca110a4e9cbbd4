"""Places over the API, under `/api/v1/`."""

from django.urls import path

from accounts.api.places import PlacesApi

urlpatterns = [path("places/", PlacesApi.as_view(), name="api-places")]
