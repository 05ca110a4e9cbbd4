"""App configuration."""

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "checkout.fulfilment"
    label = "fulfilment"
