"""Addresses of the discovery API."""

from django.urls import path

from catalogue.discovery.api.listings import ListingDetailApi, ListingListApi, ShopListingApi
from catalogue.discovery.api.market import CategoryListApi, ShopApi, ShopListApi

urlpatterns = [
    path("listings/", ListingListApi.as_view(), name="api-listings"),
    path("listings/<str:listing_id>/", ListingDetailApi.as_view(), name="api-listing"),
    path("categories/", CategoryListApi.as_view(), name="api-categories"),
    path("shops/", ShopListApi.as_view(), name="api-shops"),
    path("shops/<str:slug>/listings/<str:listing_slug>/", ShopListingApi.as_view(), name="api-shop-listing"),
    path("shops/<str:slug>/", ShopApi.as_view(), name="api-shop"),
]
