"""Parameters of API calls: unknown ones are refused, and the refusal names those that exist.

`query_class` of a view names the parameters of its GET; other methods have none. A method that is marked with
`without_body` takes no body, as every GET and DELETE. The OpenAPI description is made from the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cached_property, lru_cache
from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from kit.api.bodies import refused_body
from kit.api.json_types import wrong_types
from kit.api.plain_input import Reader, list_reader, object_reader
from kit.api.throttling import TOLD
from kit.api.validation import checked
from kit.api.words import OBJECT, install_messages
from kit.errors import InvalidInputError, error_body
from kit.text.serializers import LineField

install_messages()
LAST_PAGE = 1_000_000
PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
LONGEST_CURSOR = 500
READS = frozenset({"GET", "HEAD"})
HAS_PARTS = (serializers.ListField, serializers.MultipleChoiceField, serializers.BaseSerializer)


class InputList(serializers.ListSerializer[Any]):
    """A list in a body: faults of an entry stand under its place, faults of the list where the list stands."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the validated entries.

        Raises:
            ValidationError: the list or an entry of it is not right.
        """
        with _faults_in_place() if self.parent else nullcontext():
            return super().run_validation(data)

    def plain_reader(self) -> Reader:
        """Return a reader that gives what the methods of this class give for plain entries."""
        return list_reader(self)


class InputSerializer(serializers.Serializer[Any]):
    """A body, or a part of one; a field that is not declared, that can't be written or that comes twice is refused."""

    default_error_messages = {"invalid": OBJECT}

    class Meta:
        list_serializer_class = InputList

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the validated data; faults of a part as a whole stand where the part does.

        Raises:
            ValidationError: it is not right.
        """
        with _faults_in_place() if self.parent else nullcontext():
            return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated data.

        Raises:
            ValidationError: it holds a field that there is not.
        """
        if isinstance(data, Mapping):
            is_form = isinstance(data, QueryDict)
            named = {self._field_of(name) if is_form else str(name) for name in data}
            if unknown := sorted(named - self._writable):
                message = gettext("There is no such field. Known: %(names)s.")
                raise ValidationError(_unknown(unknown, self._writable, message), code="unknown_field")
            if isinstance(data, QueryDict) and (twice := [name for name in named if self._comes_twice(data, name)]):
                raise ValidationError({name: [gettext("Give this field once.")] for name in sorted(twice)}, "repeated")
            if wrong := wrong_types(self.fields, data, is_json=not is_form):
                raise ValidationError(wrong)
        return super().to_internal_value(data)

    def plain_reader(self) -> Reader:
        """Return a reader that gives what the methods of this class give for plain values."""
        return object_reader(self)

    @cached_property
    def _writable(self) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if not field.read_only)

    def _field_of(self, name: str) -> str:
        """Return the field that a form's name is about: `tags[0]` is a part of `tags`, if that has parts."""
        outer = re.split(r"[.\[]", name, maxsplit=1)[0]
        return outer if isinstance(self.fields.get(outer), HAS_PARTS) else name

    def _comes_twice(self, form: QueryDict, name: str) -> bool:
        return not isinstance(self.fields[name], HAS_PARTS) and len(form.getlist(name)) > 1


class ListInput(InputList):
    """A body that is a list, for a method marked with `kit.api.bodies.takes_list`; `child` is one of its entries.

    `named_by` is the field by which an entry names what it is about; none may come twice. `most` bounds the entries.
    """

    named_by: ClassVar[str]
    most: ClassVar[int]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_empty": False, "max_length": self.most, **options})

    def validate(self, attrs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the entries.

        Raises:
            ValidationError: two of them are about the same.
        """
        first = {entry[self.named_by]: at for at, entry in reversed([*enumerate(attrs)])}
        again = [at for at, entry in enumerate(attrs) if first[entry[self.named_by]] != at]
        if again:
            fault = {self.named_by: [gettext("Name each of them once.")]}
            raise ValidationError({str(at): fault for at in again}, code="repeated_value")
        return attrs


@contextmanager
def _faults_in_place() -> Iterator[None]:
    """Take the messages about a part as a whole out of the field that REST framework makes for them."""
    try:
        yield
    except ValidationError as error:
        if isinstance(error.detail, dict) and error.detail.keys() == {api_settings.NON_FIELD_ERRORS_KEY}:
            error.detail = cast("list[Any]", error.detail[api_settings.NON_FIELD_ERRORS_KEY])
        raise


class Query(serializers.Serializer[Any]):
    """The parameters of an address; those that are empty count as left out."""


def page_size_field() -> serializers.IntegerField:
    """Return the parameter for the most rows of an answer, the same for every list."""
    return serializers.IntegerField(
        required=False,
        default=PAGE_SIZE,
        min_value=1,
        max_value=MAX_PAGE_SIZE,
        help_text=f"1 to {MAX_PAGE_SIZE}; {PAGE_SIZE} by default.",
    )


class PageQuery(Query):
    """The page of a list that a call asks for."""

    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=LAST_PAGE)
    page_size = page_size_field()


class FeedQuery(Query):
    """The part of a feed that a call asks for."""

    cursor = LineField(
        required=False, default="", max_length=LONGEST_CURSOR, help_text="From `next` or `previous`, as it is there."
    )
    page_size = page_size_field()


def search_field(help_text: str) -> LineField:
    """Return the parameter for words to look for."""
    return LineField(required=False, allow_blank=True, max_length=254, help_text=help_text)


class StrictInputMiddleware:
    """Judge the parameters of every call of the API, and what is to be seen of its body, before the call itself.

    The answer tells the limit against which the call was counted (`kit.api.throttling`).
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        for name, value in request.META.get(TOLD, {}).items():
            response.headers[name] = value
        return response

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        """Keep the parameters for `query_of`; refuse what the call does not take."""
        kind = getattr(view, "cls", None)
        declared = _judged_by(kind, request.method or "") if isinstance(kind, type) else None
        if declared is None:
            return None
        return _refused_query(declared, request) or refused_body(cast("type[APIView]", kind), request)


def _refused_query(declared: type[Query], request: HttpRequest) -> HttpResponse | None:
    if declared is Query and not request.META.get("QUERY_STRING"):
        return None
    try:
        request.api_query = read_query(declared, request.GET)  # type: ignore[attr-defined]
    except ValidationError as error:
        refusal = InvalidInputError(details=error.detail)
        body = error_body(code=refusal.code, message=refusal.message, errors=refusal.details)
        return JsonResponse(body, status=refusal.status)
    return None


@lru_cache(maxsize=1024)
def _judged_by(view: type[Any], method: str) -> type[Query] | None:
    """Return the parameters that a call may have; None for calls of others: pages about the API have their own."""
    is_ours = issubclass(view, APIView) and not view.__module__.startswith("drf_spectacular")
    name = "get" if method == "HEAD" else method.lower()
    if not is_ours or view.schema is None or name not in view.http_method_names or not hasattr(view, name):
        return None
    return query_class_of(view) if method in READS else Query


def query_class_of(view: type[Any]) -> type[Query]:
    """Return the parameters of a view's GET."""
    declared: type[Query] | None = getattr(view, "query_class", None)
    return declared or Query


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
        message = gettext("There is no such parameter. Known: %(names)s.")
        raise ValidationError(_unknown(unknown, fields, message), code="unknown_parameter")
    data: dict[str, Any] = {}
    for name in params:
        given = params.getlist(name)
        values = [value for value in given if value]
        if isinstance(fields[name], serializers.ListField):
            data[name] = values
        elif len(given) > 1:
            raise ValidationError({name: [gettext("Give this parameter once.")]}, code="repeated")
        elif values:
            data[name] = values[0]
    if wrong := wrong_types(fields, data, is_json=False):
        raise ValidationError(wrong)
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
