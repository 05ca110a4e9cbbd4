"""Gates before a product's button to buy: an app above the listings contributes them in its wiring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from kit.wiring import Contribution, contributions


@dataclass(frozen=True, slots=True)
class Gate:
    """A template that stands on a product's page, with its context as `gate`.

    Args:
        is_closed: whether it stands in place of the form; above it otherwise.
    """

    template: str
    is_closed: bool
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuyGate(Contribution):
    """The gate of a product for the person who looks at it; None where there is none."""

    of: Callable[[HttpRequest, UUID], Gate | None]


def gate_of(request: HttpRequest, listing_id: UUID) -> Gate | None:
    """Return the gate of a product, the first that any app has."""
    return next((gate for each in contributions(BuyGate) if (gate := each.of(request, listing_id))), None)
