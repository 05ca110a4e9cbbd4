"""System checks of how the apps are joined, and of what may serve the public."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's own name

from kit import deployment, wiring
from kit.wiring import WiringError


@register()
def check_wiring(**_: Any) -> list[CheckMessage]:
    """Refuse tables that contradict each other, and events without a handler."""
    try:
        unheard = wiring.wiring().unheard()
    except WiringError as error:
        return [Error(str(error), hint="See docs/adr/0014-events.md.", id="kit.E001")]
    return [
        Error(
            f"{kind.__name__} ({kind.topic}) has no handler.",
            hint="Name it in HEARS of a wiring.py, or set is_for_outside: docs/recipes/add-an-event.md.",
            id="kit.E002",
        )
        for kind in unheard
    ]


@register(Tags.security, deploy=True)
def check_deployment(**_: Any) -> list[CheckMessage]:
    """Refuse keys, addresses and hosts that are not fit for the public, and warn of settings that statements need."""
    values = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    refused = [Error(found.message, hint=found.hint, id=found.id) for found in deployment.problems_of(values)]
    missing = [Warning(found.message, hint=found.hint, id=found.id) for found in deployment.gaps_of(values)]
    return [*refused, *missing]
