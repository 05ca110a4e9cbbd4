"""The market's own management commands."""

from __future__ import annotations

from django.core.management.base import BaseCommand


class UncheckedCommand(BaseCommand):
    """A command that does its work at once.

    Django's have all checks run before, for which each address, page and provider is loaded: two seconds of three.
    `manage.py check` runs them, and so does `migrate`, with which a release begins, but for those of the database.
    """

    requires_system_checks: list[str] = []
