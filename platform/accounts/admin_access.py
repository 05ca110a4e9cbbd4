"""Access to the raw admin."""

from typing import Any

from django.http import HttpRequest

from accounts.access import is_operator


class OperatorsMayLook:
    """Operators may look at the raw admin; each admin class decides what they may add, change and delete."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user may see the rows."""
        return is_operator(request.user) or bool(super().has_view_permission(request, obj))  # type: ignore[misc]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may see this part of the admin."""
        return is_operator(request.user) or bool(super().has_module_permission(request))  # type: ignore[misc]
