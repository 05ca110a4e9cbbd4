"""Moves of a shop's order that a member of its staff may make now."""

from dataclasses import dataclass
from datetime import datetime

from checkout.fulfilment.models import VendorOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import possible
from checkout.moves.move import Side
from checkout.moves.table import PART_MOVES
from tenants.access import can
from tenants.life.lifecycle import allows
from tenants.models import Role, Shop


@dataclass(frozen=True, slots=True)
class Staff:
    """Shop and role of the person who looks at an order."""

    shop: Shop
    role: Role


def staff_moves(order: VendorOrder, *, shop: Shop, role: Role, now: datetime) -> list[str]:
    """Return the names of the moves that the order, the person's role and the shop's status allow."""
    return [
        move.name
        for move in possible(PART_MOVES, PartFacts.of(order), by=Side.SHOP, now=now)
        if can(role, move.capability) and allows(shop.status, move.capability)
    ]
