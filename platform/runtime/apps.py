"""App configuration."""

from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "runtime"

    def ready(self) -> None:
        from runtime import heartbeat  # noqa: F401 - connects to the worker's signals
