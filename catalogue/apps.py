"""App configuration."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"

    def ready(self) -> None:
        from catalogue.services.imports import running
        from kit.work import bulk

        bulk.register(running.APPLY, running.apply_slice)
        bulk.register(running.UNDO, running.undo_slice)
        """Say what of the catalogue goes into a shop's archive."""
        from catalogue.services import archives

        archives.register()
