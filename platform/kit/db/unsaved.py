"""Unsaved instances on the hot path: the instance that `model(**values)` would make, at a fraction of its price.

`Model.__init__` looks at every field and at the listeners of two signals, some 13 µs for a row of an order; nothing
here listens to them, and an order is five instances at least (docs/adr/0016).
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db.models import Field, Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)


def unsaved(model: type[M], **values: Any) -> M:
    """Return an unsaved instance with these values and the fields' defaults.

    Args:
        values: by the names of attributes: `order_id`, not `order`.

    Raises:
        TypeError: a name is not that of a column's attribute.
    """
    blank = _blank(model)
    if not blank.names.issuperset(values):
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(values.keys() - blank.names))}.")
    instance = model.__new__(model)
    own = instance.__dict__
    own["_state"] = ModelState()
    own.update(blank.constants)
    own.update(values)
    for name, make in blank.makers:
        if name not in values:
            own[name] = make()
    return instance


class Blank:
    """Attributes of a model's instance to which no value was given."""

    def __init__(self, model: type[Model]) -> None:
        fields: tuple[Field[Any, Any], ...] = model._meta.concrete_fields  # noqa: SLF001 - documented
        made = [field for field in fields if field.has_default() and callable(field.default)]
        self.names = frozenset(field.attname for field in fields)
        self.constants = {field.attname: field.get_default() for field in fields if field not in made}
        self.makers: list[tuple[str, Callable[[], Any]]] = [(field.attname, field.default) for field in made]


_blank = cache(Blank)
