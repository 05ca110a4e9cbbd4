"""Refusals, in the shape of Paystack's error answers."""

from typing import Any


class ApiError(Exception):
    """A request that Paystack would refuse.

    Args:
        code: Paystack's error code; left out where the published description has no room for it.
        next_step: text of `meta.nextStep` for the merchant.
    """

    def __init__(self, message: str, *, status: int = 400, code: str | None = None, next_step: str = "") -> None:
        super().__init__(message)
        self.message, self.status, self.code = message, status, code
        self.next_step = next_step or "Check the request against the documentation and try again"

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the refusal."""
        body: dict[str, Any] = {
            "status": False,
            "message": self.message,
            "meta": {"nextStep": self.next_step},
            "type": "validation_error",
        }
        if self.code is not None:
            body["code"] = self.code
        return body


def not_found(what: str, next_step: str = "") -> ApiError:
    """Return the refusal for something that is not in this integration."""
    return ApiError(f"{what} not found", status=404, next_step=next_step)


def invalid(message: str, code: str = "invalid_params") -> ApiError:
    """Return the refusal for a parameter that does not hold."""
    return ApiError(message, code=code)
