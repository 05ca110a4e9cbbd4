"""Pages whose object is not there: 404."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.http import Http404

from kit.errors import NotFoundError

P = ParamSpec("P")
T = TypeVar("T")


def or_404(find: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return the answer of a selector or service.

    Raises:
        Http404: the object is not there, or is not the caller's to see.
    """
    try:
        return find(*args, **kwargs)
    except NotFoundError as error:
        raise Http404 from error
