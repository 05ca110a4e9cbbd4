"""Automatic offers in a shop's terms: those that are not paused, in the order in which they were made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from checkout.models.offers import OfferKind

TIERED = frozenset({OfferKind.SPEND, OfferKind.QUANTITY})


@dataclass(frozen=True, slots=True)
class Tier:
    """A step of a tiered offer.

    Args:
        least: the value in minor units, or the number of pieces, from which it counts.
        amount_minor: a fixed amount; 0 where it is a percentage.
    """

    least: int
    percent_bps: int = 0
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """Goods that an offer is about: products, and categories with all below them; all goods where none is named."""

    products: frozenset[UUID] = frozenset()
    categories: frozenset[int] = frozenset()


EVERYTHING = Target()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """An automatic offer.

    Args:
        name: as buyers read of it.
        percent_bps: of a price cut, and of the pieces that an offer of pieces gives.
        buys, gives: of how many pieces bought how many others are given; `gives_of` names these, None: the same goods.
        tiers: ascending.
        asked_minor: of a price cut, the least that was asked for each variant in the month before it.
    """

    id: str
    name: str
    kind: OfferKind
    target: Target = EVERYTHING
    percent_bps: int = 0
    buys: int = 0
    gives: int = 0
    gives_of: Target | None = None
    tiers: tuple[Tier, ...] = ()
    asked_minor: Mapping[UUID, int] = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether it counts at a moment."""
        return (self.starts_at is None or now >= self.starts_at) and (self.ends_at is None or now < self.ends_at)

    @property
    def source(self) -> str:
        """Return the source of its adjustments."""
        return f"offer:{self.id}"


def parse(stored: Mapping[str, Any]) -> tuple[OfferTerms, ...]:
    """Return the terms that were stored by `as_json`."""
    return tuple(_offer(each) for each in stored.get("offers", ()))


def as_json(offers: tuple[OfferTerms, ...]) -> dict[str, Any]:
    """Return terms in the form that is stored; nothing of a shop without offers."""
    return {"offers": [_json(each) for each in offers]} if offers else {}


def _offer(stored: Mapping[str, Any]) -> OfferTerms:
    gives_of = stored["gives_of"]
    return OfferTerms(
        id=stored["id"],
        name=stored["name"],
        kind=OfferKind(stored["kind"]),
        target=_target(stored["target"]),
        percent_bps=stored["percent_bps"],
        buys=stored["buys"],
        gives=stored["gives"],
        gives_of=None if gives_of is None else _target(gives_of),
        tiers=tuple(Tier(*each) for each in stored["tiers"]),
        asked_minor={UUID(key): minor for key, minor in stored["asked_minor"].items()},
        starts_at=_moment(stored["starts_at"]),
        ends_at=_moment(stored["ends_at"]),
    )


def _target(stored: Mapping[str, Any]) -> Target:
    return Target(frozenset(map(UUID, stored["products"])), frozenset(stored["categories"]))


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _json(offer: OfferTerms) -> dict[str, Any]:
    return {
        "id": offer.id,
        "name": offer.name,
        "kind": offer.kind.value,
        "target": _target_json(offer.target),
        "percent_bps": offer.percent_bps,
        "buys": offer.buys,
        "gives": offer.gives,
        "gives_of": None if offer.gives_of is None else _target_json(offer.gives_of),
        "tiers": [[each.least, each.percent_bps, each.amount_minor] for each in offer.tiers],
        "asked_minor": {str(key): minor for key, minor in sorted(offer.asked_minor.items())},
        "starts_at": offer.starts_at and offer.starts_at.isoformat(),
        "ends_at": offer.ends_at and offer.ends_at.isoformat(),
    }


def _target_json(target: Target) -> dict[str, Any]:
    return {"products": sorted(map(str, target.products)), "categories": sorted(target.categories)}
