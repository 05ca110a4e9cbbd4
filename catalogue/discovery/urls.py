"""Pages of discovery."""

from django.urls import path

from catalogue.discovery.views.home import HomeView
from catalogue.discovery.views.product import ProductView
from catalogue.discovery.views.search import SearchView
from catalogue.discovery.views.shop import ShopView

app_name = "discovery"
urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("search/", SearchView.as_view(), name="search"),
    path("products/<uuid:listing_id>/", ProductView.as_view(), name="product"),
    path("shops/<slug:slug>/", ShopView.as_view(), name="shop"),
]
