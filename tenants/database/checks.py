"""Checks of the database itself: `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name
from django.db import OperationalError

from tenants.database import pooling
from tenants.database.roles import may_make_roles, roles_are_on


@register(Tags.database)
def check_sessions(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Check the conditions that keep shops apart: sessions of our own, and a role for each."""
    if "default" not in (databases or []):
        return []
    try:
        found: list[CheckMessage] = []
        if problem := pooling.pooling_problem(pooling.probe_here()):
            found.append(Error(problem, id="tenants.E005"))
        return found + _about_roles()
    except (psycopg.OperationalError, OperationalError):
        return []  # the next connection reports it better


def _about_roles() -> list[CheckMessage]:
    if settings.SHOP_ROLES == "on" and not may_make_roles():
        hint = "As a superuser: ALTER ROLE <this user> CREATEROLE; then run migrate. Or set SHOP_ROLES=off."
        return [Error("SHOP_ROLES is on, and this database user may not make roles.", hint=hint, id="tenants.E006")]
    if not roles_are_on():
        hint = "See docs/isolation.md: set SHOP_ROLES=on, with a database user that has CREATEROLE."
        message = "Shops have no database roles of their own: SQL injected on one shop's host could read every shop."
        return [Warning(message, hint=hint, id="tenants.W001")]
    return []
