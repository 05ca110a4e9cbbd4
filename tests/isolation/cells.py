"""The cells of the matrix: a door, a method, a wrong key, and how it has to be refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tenants.access import Capability, can
from tenants.life.lifecycle import allows
from tenants.models import Role, ShopStatus
from tests.isolation.doors import METHODS, Door, Kind

NOBODY, EXPIRED, FORGED = "nobody", "nobody, with an expired token", "nobody, with a forged token"
OTHERS = {
    "shopper": "a buyer",
    "stranger": "the owner of another shop",
    "punished": "the owner of a suspended shop",
}
UNKNOWN = (NOBODY, EXPIRED, FORGED)
SIGN_IN, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, NO_SUCH_METHOD = 302, 401, 403, 404, 405
SERVER_ERROR = 500
ANYBODYS = frozenset({"month", "year"})  # arguments that name nothing of the victim's


@dataclass(frozen=True)
class Cell:
    """One try.

    Args:
        who: a caller without an account, or one of the world's people.
        allowed: the answers that are right; empty where all are, as long as they tell nothing.
        elsewhere: on the caller's own shop's host, with the victim's things in the address.
        is_suspended: while the victim's shop is suspended.
    """

    door: Door
    method: str
    who: str
    allowed: frozenset[int]
    elsewhere: bool = False
    is_suspended: bool = False

    @property
    def is_refusal(self) -> bool:
        """Return whether nothing may change."""
        return bool(self.allowed)

    def __str__(self) -> str:
        place = " at their own shop" if self.elsewhere else " while it is suspended" if self.is_suspended else ""
        return f"{self.method} {self.door} by {OTHERS.get(self.who, self.who)}{place}"


def cells_of(door: Door) -> list[Cell]:
    """Every try at a door."""
    return list(_MAKERS[door.kind](door))


def _cell(door: Door, method: str, who: str, *allowed: int, **more: bool) -> Cell:
    """A try; a method that the door does not have may also be answered by saying so."""
    answers = set(allowed)
    if answers and method not in door.methods:
        answers |= {NO_SUCH_METHOD, NOT_FOUND}
    return Cell(door, method, who, frozenset(answers), **more)


def _staff(door: Door) -> Iterator[Cell]:
    unknown = UNAUTHENTICATED if door.is_api else SIGN_IN
    stranger = FORBIDDEN if door.is_api else NOT_FOUND
    for method in METHODS:
        yield from (_cell(door, method, who, unknown) for who in UNKNOWN)
        yield from (_cell(door, method, who, stranger) for who in OTHERS)
        too_low = frozenset(Role) - _roles(door, method)
        yield from (_cell(door, method, role.value, FORBIDDEN) for role in Role if role in too_low)
        yield from _staff_of_another_shop(door, method)
        capability = door.methods.get(method)
        if capability is not None and method != "GET" and not allows(ShopStatus.SUSPENDED, capability):
            yield _cell(door, method, "owner", FORBIDDEN, is_suspended=True)


def _staff_of_another_shop(door: Door, method: str) -> Iterator[Cell]:
    """Callers with their own rights, with the victim's ids in the address, or none."""
    if any(name not in ANYBODYS for _, name in door.parameters):
        yield _cell(door, method, "stranger", NOT_FOUND, elsewhere=True)
    elif method == "GET":
        yield _cell(door, method, "stranger", elsewhere=True)


def _roles(door: Door, method: str) -> frozenset[Role]:
    """The roles that may use a method; where there is none, only the lowest is tried."""
    capability: Capability | None = door.methods.get(method)
    if capability is None:
        return frozenset(Role) - {Role.VIEWER}
    return frozenset(role for role in Role if can(role, capability))


def _own(door: Door) -> Iterator[Cell]:
    for method in METHODS:
        for who in UNKNOWN:
            yield _cell(door, method, who, UNAUTHENTICATED if door.is_api else SIGN_IN)
        for who in OTHERS:
            yield _cell(door, method, who)


def _owned(door: Door) -> Iterator[Cell]:
    unknown = {UNAUTHENTICATED, NOT_FOUND} if door.is_api else {SIGN_IN, NOT_FOUND}
    for method in METHODS:
        for who in UNKNOWN:
            yield _cell(door, method, who, *unknown)
        for who in (*OTHERS, "owner"):
            yield _cell(door, method, who, FORBIDDEN, NOT_FOUND)


def _operator(door: Door) -> Iterator[Cell]:
    for method in METHODS:
        for who in UNKNOWN:
            yield _cell(door, method, who, UNAUTHENTICATED if door.is_api else SIGN_IN)
        for who in (*OTHERS, "buyer", "owner"):
            yield _cell(door, method, who, FORBIDDEN if door.is_api else NOT_FOUND)


def _admin(door: Door) -> Iterator[Cell]:
    for method in ("GET", "POST"):
        for who in (NOBODY, *OTHERS, "owner"):
            yield _cell(door, method, who, SIGN_IN, FORBIDDEN, NOT_FOUND)


def _keyed(door: Door) -> Iterator[Cell]:
    for method in METHODS:
        for who in (*UNKNOWN, *OTHERS):
            yield _cell(door, method, who)


_MAKERS = {
    Kind.STAFF: _staff,
    Kind.OWN: _own,
    Kind.OWNED: _owned,
    Kind.OPERATOR: _operator,
    Kind.ADMIN: _admin,
    Kind.KEYED: _keyed,
    Kind.PUBLIC: _keyed,
}
