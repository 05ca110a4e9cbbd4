"""Errors about money and bank accounts."""

from typing import Self
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from kit.errors import ConflictError, Facts, PermissionDeniedError


class NotTheOwnerError(PermissionDeniedError):
    code = "not_the_owner"
    default_message = gettext_lazy("Only an owner of the shop can set its bank account.")


class AlreadyReleasedError(ConflictError):
    code = "already_released"
    default_message = gettext_lazy("The money of this order is released already.")


class AlreadyHeldError(ConflictError):
    code = "already_held"
    default_message = gettext_lazy("The money of this order is held by an operator already.")


class NotHeldError(ConflictError):
    code = "not_held"
    default_message = gettext_lazy("No operator holds the money of this order.")


class NotDeliveredError(ConflictError):
    code = "not_delivered"
    default_message = gettext_lazy("This order has not arrived. Its money is released after the delivery.")


class RuleNotDraftError(ConflictError):
    code = "rule_is_on"
    default_message = gettext_lazy("This rule is on, or was. End it and make another one instead.")


class RuleNotOnError(ConflictError):
    code = "rule_not_on"
    default_message = gettext_lazy("This rule is not on. Only a rule that is on or planned can be ended.")


class CommissionTieError(ConflictError):
    code = "commission_tie"
    default_message = gettext_lazy("Another rule is for the same goods at the same time. End it first, or replace it.")

    @classmethod
    def with_rule(cls, *, name: str, rule_id: UUID) -> Self:
        """Return the refusal that names the other rule."""
        message = gettext(
            "The rule “%(name)s” is for the same shops and goods at the same time. End it first, or replace it."
        )
        return cls(message % {"name": name}, details=Facts(rule=str(rule_id)))
