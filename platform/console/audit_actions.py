"""Actions of operators that are written to the audit log; each app declares its own in its `wiring.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from console.audit_values import Details, as_written
from kit.wiring import Contribution, contributions


@dataclass(frozen=True, slots=True)
class AuditAction(Contribution):
    """An action of operators; entries keep its name, people read its label and its sentence.

    Args:
        sentence: the whole action, with `%(who)s`, `%(subject)s` and the names of `values`.
        values: converts an entry's details to the words of the sentence.
    """

    name: str
    label: StrOrPromise
    sentence: StrOrPromise
    values: Callable[[Details], Details] = as_written

    @property
    def key(self) -> str:
        return self.name


def audit_actions() -> dict[str, str]:
    """Return the labels of all declared actions by name."""
    return {action.name: str(action.label) for action in contributions(AuditAction)}


def label_of(name: str) -> str:
    """Return the label of an action; an undeclared one keeps the name that was stored."""
    return audit_actions().get(name, name)
