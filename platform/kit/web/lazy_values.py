"""Values of a request that are made when something asks for them."""

from collections.abc import Callable
from typing import Any
from weakref import ref

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def lazily_of(request: HttpRequest, make: Callable[[HttpRequest], Any]) -> Any:
    """Return a value that is made of a request at its first use; it does not keep the request.

    A request that holds a value which holds the request is freed by the cycle collector alone, which costs more than
    freeing it (docs/performance.md).

    Raises:
        RuntimeError: at the first use, if that comes after the request has been freed.
    """
    held = ref(request)

    def made() -> Any:
        alive = held()
        if alive is None:
            raise RuntimeError("The request is over; ask while it is being answered.")
        return make(alive)

    return SimpleLazyObject(made)
