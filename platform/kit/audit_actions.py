"""What operators do that leaves an entry in the audit log: each app declares its own actions in its `wiring.py`."""

from dataclasses import dataclass

from kit.wiring import Contribution, contributions


@dataclass(frozen=True, slots=True)
class AuditAction(Contribution):
    """An action of operators; entries keep its name, people read its label."""

    name: str
    label: str

    @property
    def key(self) -> str:
        return self.name


def audit_actions() -> dict[str, str]:
    """Return the labels of all declared actions by name."""
    return {action.name: action.label for action in contributions(AuditAction)}


def label_of(name: str) -> str:
    """Return what people read for an action; one that is not declared any more is shown as it was kept."""
    return audit_actions().get(name, name)
