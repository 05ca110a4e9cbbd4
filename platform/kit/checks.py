"""System checks of how the apps are joined."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from kit import wiring
from kit.wiring import WiringError


@register()
def check_wiring(**_: Any) -> list[CheckMessage]:
    """Refuse tables that contradict each other, and events that nobody hears."""
    try:
        unheard = wiring.wiring().unheard()
    except WiringError as error:
        return [Error(str(error), hint="See docs/adr/0014-events.md.", id="kit.E001")]
    return [
        Error(
            f"Nobody hears {kind.__name__} ({kind.topic}).",
            hint="Name it in a wiring.py, or set is_for_outside.",
            id="kit.E002",
        )
        for kind in unheard
    ]
