"""Work that waits can be found fast, and a lost message delays it by one period (docs/recipes/add-waiting-work.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from django.apps import apps
from django.conf import settings
from django.db import models

from kit.db.leased_work import LeasedWork
from tests.architecture.sources import modules, parsed

RECIPE = "docs/recipes/add-waiting-work.md"
# Models without such an index, each with its reason.
OTHERWISE = {
    "OutboxMessage": "all of its rows wait; their index is of an expression",
    "BulkJob": "the open jobs of a shop have an index, since shops take turns",
    "ShopExport": "a shop has one open export at most, by a partial unique constraint",
    "Order": "an order is due when its time is over, by which the pending ones have an index",
    "Dispute": "few are undecided, and these have an index by the time to answer",
}
CONSTANT = re.compile(r'^(\w+) = "([\w.]+)"$', re.MULTILINE)
CALL = re.compile(r"\bwake\(([\w.]+|\"[\w.]+\")\)")


def waits_without_index(model: type[models.Model]) -> bool:
    """Return whether no partial index holds the rows of a model that are due."""
    own = [index for index in model._meta.indexes if index.condition is not None]
    return not any(index.fields[:1] == ["due_at"] for index in own)


def woken(source: str) -> Iterator[str]:
    """Yield the places of the tasks that a module's calls of `wake` name."""
    constants = dict(CONSTANT.findall(source))
    for name in CALL.findall(source):
        place = name.strip('"') if name.startswith('"') else constants.get(name, "")
        if ".tasks." in place:
            yield place


def tasks_of(source: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each task of a module: its function, its name, and whether it calls `begin` with itself."""
    for node in parsed(source).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "shared_task":
                [name] = [str(ast.literal_eval(word.value)) for word in decorator.keywords if word.arg == "name"]
                yield node.name, name, f"begin({node.name})" in ast.unparse(node)


def faults(sources: Mapping[str, str], *, scheduled: set[str]) -> Iterator[str]:
    """Yield the tasks of waiting work that are not begun, or not in the schedule.

    Args:
        sources: by dotted module.
    """
    tasks = {
        f"{module}.{function}": (name, begins)
        for module, source in sources.items()
        if module.endswith("tasks")
        for function, name, begins in tasks_of(source)
    }
    named = {place for source in sources.values() for place in woken(source)}
    for place, (name, begins) in sorted(tasks.items()):
        if place in named and not begins:
            yield f"{name} does not call `begin` with itself, so that later calls of `wake` are lost."
        if (place in named or begins) and name not in scheduled:
            yield f"{name} is not in CELERY_BEAT_SCHEDULE, so that a lost message is never made up for."


def test_rows_that_wait_are_in_a_partial_index() -> None:
    kinds = [model for model in apps.get_models() if issubclass(model, LeasedWork)]
    assert {each.__name__ for each in kinds if waits_without_index(each)} == OTHERWISE.keys(), f"Step 1 of {RECIPE}."


def test_what_is_woken_begins_and_is_scheduled() -> None:
    sources = dict(modules())
    assert sum(1 for source in sources.values() for _ in woken(source)) > 10
    scheduled = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert list(faults(sources, scheduled=scheduled)) == [], f"Step 4 of {RECIPE}."


def test_forgotten_steps_are_found() -> None:
    """The control."""
    task = '@shared_task(name="shop.look")\ndef look(**_: Any) -> None:\n    """Look."""\n'
    sources = {"shop.services": 'TASK = "shop.tasks.look"\nwake(TASK)\n', "shop.tasks": f"{task}    begin(look)\n"}
    assert list(faults(sources, scheduled={"shop.look"})) == []
    [lost] = faults(sources, scheduled=set())
    assert "CELERY_BEAT_SCHEDULE" in lost
    [unbegun] = faults(sources | {"shop.tasks": task}, scheduled={"shop.look"})
    assert "begin" in unbegun

    class Row(LeasedWork):
        """Rows without an index."""

        class Meta:
            app_label = "kit"
            abstract = True

    assert waits_without_index(Row)
