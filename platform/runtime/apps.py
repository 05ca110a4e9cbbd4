"""App configuration."""

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "runtime"
