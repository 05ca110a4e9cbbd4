"""Migrations that build the models they touch; Django builds most of a project's models again for each operation.

A state of the models is noted cheaply, and dear to turn into classes. Django does so for a changed model, for all that
it refers to and for all that refers to those, since relations may be followed either way. What changes a table follows
none, unless it changes what other tables refer to: so a model that is new, or whose fields, indexes or constraints
change, is built alone; also one whose foreign key changes and goes on referring to the same table. Its state is then
marked as Django marks those of its own `delay`: functions of migrations are handed models that are all new. Every other
change builds all models again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import ref

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.utils import field_is_referenced, resolve_relation
from django.db.models import Field, ForeignKey

Key = tuple[str, str]


class QuickState(ProjectState):
    """A state that builds one model where that is enough."""

    def __init__(self, models: dict[Key, ModelState] | None = None, real_apps: set[str] | None = None) -> None:
        super().__init__(models, real_apps)
        self.has_old_models = False
        self._is_alone = False
        self._other: ref[QuickState] | None = None  # the state after an operation knows the one before, and it that one

    def clone(self) -> QuickState:
        """Return a copy, whose classes are the same ones."""
        copy = QuickState({key: model.clone() for key, model in self.models.items()}, self.real_apps)
        if self.is_built:
            copy.__dict__["apps"] = self.apps.clone()
        copy.is_delayed, copy.has_old_models = self.is_delayed, self.has_old_models
        copy._other, self._other = ref(self), ref(copy)
        return copy

    def add_model(self, model_state: ModelState) -> None:
        """Add a model; nothing refers to it yet."""
        self._is_alone = True
        super().add_model(model_state)
        self._is_alone = False

    def add_field(
        self, app_label: str, model_name: str, name: str, field: Field[Any, Any], preserve_default: bool
    ) -> None:
        """Add a field; nothing refers to it yet."""
        self._is_alone = True
        super().add_field(app_label, model_name, name, field, preserve_default)
        self._is_alone = False

    def alter_field(
        self, app_label: str, model_name: str, name: str, field: Field[Any, Any], preserve_default: bool
    ) -> None:
        """Change a field; of a foreign key that stays between the same tables, no other model needs to know."""
        key = (app_label, model_name)
        self._is_alone = self._stays_between(key, name, field) and not field_is_referenced(self, key, (name, field))
        super().alter_field(app_label, model_name, name, field, preserve_default)
        self._is_alone = False

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Build a changed model, alone where `delay` says that no other model needs to know, else all."""
        if not self.is_built:
            return
        key = (app_label, model_name)
        if (delay or self._is_alone) and not self._is_inherited(key):
            self.is_delayed = self.has_old_models = True
            self._reload({key})  # type: ignore[attr-defined]  # the stubs lack it, and what is below
        else:
            self._build_all()

    def reload_models(self, models: Iterable[Key], delay: bool = True) -> None:
        """Build all models again."""
        if self.is_built:
            self._build_all()

    @property
    def is_built(self) -> bool:
        """Return whether there are classes; asking for them would build them."""
        return "apps" in self.__dict__

    def _stays_between(self, key: Key, name: str, field: Field[Any, Any]) -> bool:
        """Return whether a field is a foreign key, and was one to the same field of the same model."""
        before = self.models[key].fields[name]
        if not isinstance(before, ForeignKey) or not isinstance(field, ForeignKey) or type(before) is not type(field):
            return False
        return _target(before, key) == _target(field, key)

    def _is_inherited(self, key: Key) -> bool:
        bases = (base for model in self.models.values() for base in model.bases)
        return any(base.lower() == ".".join(key) for base in bases if isinstance(base, str))

    def _build_all(self) -> None:
        """Build all models, those of the state beside it too: an operation compares relations before and after."""
        other = self._other() if self._other else None
        for state in (self, other):
            if state is self or (state is not None and state.is_built and state.has_old_models):
                state.__dict__["apps"] = StateApps(state.real_apps, state.models)  # type: ignore[arg-type]
                state.has_old_models = False


def _target(field: ForeignKey[Any, Any], key: Key) -> tuple[Any, ...]:
    """Return the model that a foreign key of a model refers to, and the names of that model's fields."""
    return (*resolve_relation(field.remote_field.model, *key), *field.to_fields)


def quick(state: ProjectState) -> QuickState:
    """Return a state that is not built yet as a quick one."""
    return QuickState(state.models, state.real_apps)


class QuickExecutor(MigrationExecutor):
    """Runs migrations on quick states."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        return quick(super()._create_project_state(with_applied_migrations))  # type: ignore[misc]


@contextmanager
def quick_migrations() -> Iterator[None]:
    """Let Django's command run migrations on quick states."""
    before = migrate.MigrationExecutor  # type: ignore[attr-defined]
    setattr(migrate, "MigrationExecutor", QuickExecutor)  # noqa: B010 - mypy lets no class be assigned to
    try:
        yield
    finally:
        setattr(migrate, "MigrationExecutor", before)  # noqa: B010
