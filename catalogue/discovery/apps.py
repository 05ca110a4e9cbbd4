"""App configuration."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "catalogue.discovery"
    label = "discovery"
