"""Registry that joins the apps: one `wiring.py` per app, a flat table of its handlers and contributions.

    HEARS = (Hears(OrderPaid, announce_paid_order),)      # after the commit, through the outbox
    FOLLOWS = (Follows(ShopProvisioned, open_accounts),)  # at once, in the transaction that makes it so
    CONTRIBUTES = (PersonalData(…), AccountTab(…))        # found by its type: contributions(AccountTab)

The app that tells or collects owns the type; an app above it that listens or adds imports the type and names it in its
own table. The order is that of INSTALLED_APPS, then of the table. There is no other registry (docs/adr/0014).
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, Generic, TypeVar

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from kit.work.events import Event

E = TypeVar("E", bound=Event)
M = TypeVar("M", bound="Moment")
C = TypeVar("C", bound="Contribution")


class WiringError(Exception):
    """The apps' tables contradict each other, or an event has no handler: a mistake in the program."""


class Moment:
    """Base of moments, told at once to functions that run before the caller goes on; may hold rows and requests."""

    __slots__ = ()


class Contribution:
    """Base of what apps add to something that another app does.

    Args:
        is_single: one app at the most may contribute it.
    """

    __slots__ = ()
    is_single: ClassVar[bool] = False

    @property
    def key(self) -> Hashable:
        """Key that is unique among the contributions of its type."""
        return self


@dataclass(frozen=True, slots=True)
class Hears(Generic[E]):
    """A handler of an event, run after the commit, at least once: it must be idempotent."""

    event: type[E]
    handler: Callable[[E, datetime], None]


@dataclass(frozen=True, slots=True)
class Follows(Generic[M]):
    """A function that runs at once when something happens, in its transaction if it has one."""

    moment: type[M]
    follower: Callable[[M], Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One app's wiring, and the events that it owns."""

    app: str
    events: Sequence[type[Event]] = ()
    hears: Sequence[Hears[Any]] = ()
    follows: Sequence[Follows[Any]] = ()
    contributes: Sequence[Contribution] = ()


class Wiring:
    """The tables of all apps, indexed."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.events: dict[str, type[Event]] = {}
        self.hearers: dict[type[Event], list[Callable[[Any, datetime], None]]] = {}
        self.followers: dict[type[Moment], list[Callable[[Any], Any]]] = {}
        self.contributions: dict[type[Contribution], dict[Hashable, Contribution]] = {}
        for table in tables:
            self._add(table)

    def unheard(self) -> list[type[Event]]:
        """Return the events that have no handler and that are not for listeners outside."""
        return [kind for kind in self.events.values() if not self.is_heard(kind)]

    def is_heard(self, kind: type[Event]) -> bool:
        """Return whether an event has a handler here or is for listeners outside."""
        return kind in self.hearers or (kind.is_for_outside and self.events.get(kind.topic) is kind)

    def _add(self, table: Table) -> None:
        for kind in (*table.events, *(entry.event for entry in table.hears)):
            if not issubclass(kind, Event):
                raise WiringError(f"{table.app}: {kind.__name__} is not an Event.")
            if self.events.setdefault(kind.topic, kind) is not kind:
                raise WiringError(f"{table.app}: there are two events {kind.topic}.")
        for heard in table.hears:
            _append(self.hearers.setdefault(heard.event, []), heard.handler, table)
        for followed in table.follows:
            if not issubclass(followed.moment, Moment):
                raise WiringError(f"{table.app}: {followed.moment.__name__} is not a Moment.")
            _append(self.followers.setdefault(followed.moment, []), followed.follower, table)
        for contribution in table.contributes:
            self._contribute(contribution, table)

    def _contribute(self, contribution: Contribution, table: Table) -> None:
        kind = type(contribution)
        if not isinstance(contribution, Contribution):
            raise WiringError(f"{table.app}: {kind.__name__} is not a kind of contribution.")
        others = self.contributions.setdefault(kind, {})
        if contribution.key in others or (kind.is_single and others):
            raise WiringError(f"{table.app}: there is another {kind.__name__} {contribution.key!r}.")
        others[contribution.key] = contribution


@lru_cache(maxsize=1)
def wiring() -> Wiring:
    """Return the wiring of all installed apps, read once in each process."""
    return Wiring(read_tables())


def read_tables() -> list[Table]:
    """Read the table of each installed app."""
    return [_table_of(config.name) for config in apps.get_app_configs()]


def contributions(kind: type[C]) -> tuple[C, ...]:
    """Return the apps' contributions of a kind."""
    return tuple(wiring().contributions.get(kind, {}).values())  # type: ignore[arg-type] # they are kept by type


def tell(moment: Moment) -> list[Any]:
    """Run all steps that follow a moment, in order; return their results."""
    return [follower(moment) for follower in followers(type(moment))]


def followers(kind: type[M]) -> Sequence[Callable[[M], Any]]:
    """Return the functions that follow a moment."""
    return wiring().followers.get(kind, ())


def hearers(kind: type[E]) -> Sequence[Callable[[E, datetime], None]]:
    """Return the handlers of an event."""
    return wiring().hearers.get(kind, ())


def find_event(topic: str) -> type[Event] | None:
    """Return the event of a topic, if an app has it and it has a listener."""
    kind = wiring().events.get(topic)
    return kind if kind is not None and wiring().is_heard(kind) else None


def heard_topics() -> list[str]:
    """Return the topics of all events that have a listener."""
    return [topic for topic, kind in wiring().events.items() if wiring().is_heard(kind)]


def require_heard(kind: type[Event]) -> None:
    """Refuse an event that has no listener.

    Raises:
        WiringError: no app hears the event, and it is not for listeners outside.
    """
    if not wiring().is_heard(kind):
        raise WiringError(f"{kind.__name__} has no handler: name it in a wiring.py, or declare it for outside.")


def _append(functions: list[Callable[..., Any]], function: Callable[..., Any], table: Table) -> None:
    if function in functions:
        raise WiringError(f"{table.app}: {function.__qualname__} is named twice for the same.")
    functions.append(function)


def _table_of(app: str) -> Table:
    """Read an app's `events.py` and `wiring.py`; either may be missing."""
    events, wired = _module(app, "events"), _module(app, "wiring")
    return Table(
        app=app,
        events=tuple(_events_in(events)) if events else (),
        hears=getattr(wired, "HEARS", ()),
        follows=getattr(wired, "FOLLOWS", ()),
        contributes=getattr(wired, "CONTRIBUTES", ()),
    )


def _module(app: str, name: str) -> ModuleType | None:
    package = import_module(app)
    return import_module(f"{app}.{name}") if module_has_submodule(package, name) else None


def _events_in(module: ModuleType) -> Iterable[type[Event]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Event) and value.__module__ == module.__name__:
            yield value
