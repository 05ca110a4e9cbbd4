"""Parameters of API calls: unknown ones are refused, and the refusal names those that exist.

`query_class` of a view names the parameters of its GET; other methods have none. The OpenAPI description is made from
the same class.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from kit.errors import InvalidInputError
from kit.pagination import MAX_PAGE_SIZE
from kit.text.serializers import LineField
from kit.validation import checked

LAST_PAGE = 1_000_000


class InputSerializer(serializers.Serializer[Any]):
    """A body, or a part of one; a field that is not declared, or that can't be written, is refused."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated data.

        Raises:
            ValidationError: it holds a field that there is not.
        """
        if isinstance(data, Mapping):
            is_form = isinstance(data, QueryDict)
            named = {str(name).split(".")[0].split("[")[0] if is_form else str(name) for name in data}
            if unknown := sorted(named - self._writable):
                message = gettext("There is no such field. Known: %(names)s.")
                raise ValidationError(_unknown(unknown, self._writable, message))
        return super().to_internal_value(data)

    @cached_property
    def _writable(self) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if not field.read_only)


class Query(serializers.Serializer[Any]):
    """The parameters of an address; those that are empty count as left out."""


class PageQuery(Query):
    """The page of a list that a call asks for."""

    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=LAST_PAGE)
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_PAGE_SIZE, help_text=f"1 to {MAX_PAGE_SIZE}; 20 by default."
    )


class BeforeQuery(Query):
    """The part of a newest-first list that a call asks for."""

    before = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="The last entry of the page before; see `next`."
    )


def search_field(help_text: str) -> LineField:
    """Return the parameter for words to look for."""
    return LineField(required=False, max_length=254, help_text=help_text)


class StrictQueryMiddleware:
    """Judge the parameters of every call of the API before the call itself."""

    calls: ClassVar = frozenset({"GET", "HEAD"})

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        """Keep the parameters for `query_of`, or refuse the request."""
        kind = getattr(view, "cls", None)
        if not isinstance(kind, type) or not issubclass(kind, APIView) or not _is_judged(kind, request.method or ""):
            return None
        declared = query_class_of(kind) if request.method in self.calls else Query
        if declared is Query and not request.META.get("QUERY_STRING"):
            return None
        try:
            request.api_query = read_query(declared, request.GET)  # type: ignore[attr-defined]
        except ValidationError as error:
            body = {"status": "error", "code": InvalidInputError.code, "message": InvalidInputError.default_message}
            return JsonResponse(body | {"errors": error.detail}, status=InvalidInputError.status)
        return None


def _is_judged(view: type[APIView], method: str) -> bool:
    """Return whether we check a call's parameters; the pages about the API have parameters of their own."""
    has_method = hasattr(view, "get" if method == "HEAD" else method.lower())
    return has_method and view.schema is not None and not view.__module__.startswith("drf_spectacular")


def query_class_of(view: type[Any]) -> type[Query]:
    """Return the parameters of a view's GET: those that it declares, and those of its pages."""
    declared: type[Query] | None = getattr(view, "query_class", None)
    return declared or (PageQuery if getattr(view, "pagination_class", None) else Query)


def has_parameters(declared: type[Query]) -> bool:
    """Return whether an address has parameters."""
    return bool(_fields(declared))


def read_query(declared: type[Query], params: QueryDict) -> dict[str, Any]:
    """Return the parameters by name, with their defaults.

    Raises:
        ValidationError: one is unknown, comes twice, or has a value that it can't have.
    """
    fields = _fields(declared)
    if unknown := sorted(params.keys() - fields.keys()):
        raise ValidationError(_unknown(unknown, fields, gettext("There is no such parameter. Known: %(names)s.")))
    data: dict[str, Any] = {}
    for name in params:
        values = [value for value in params.getlist(name) if value]
        if isinstance(fields[name], serializers.ListField):
            data[name] = values
        elif len(values) > 1:
            raise ValidationError({name: [gettext("Give this parameter once.")]})
        elif values:
            data[name] = values[0]
    return checked(declared, data)


def query_of(request: Request | HttpRequest) -> dict[str, Any]:
    """Return the parameters of a call, as parsed by its view's `query_class`."""
    found: dict[str, Any] = getattr(request, "api_query", {})
    return found


def _fields(declared: type[Query]) -> Mapping[str, Any]:
    return declared._declared_fields  # noqa: SLF001 - its metaclass's


def _unknown(unknown: list[str], known: Iterable[str], message: str) -> dict[str, list[str]]:
    names = ", ".join(sorted(known)) or gettext("none")
    return {name[:100]: [message % {"names": names}] for name in unknown[:20]}
