"""Reading the API's bodies."""

import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from kit.api.bodies import is_list

LONGEST_INTEGER = 40  # no column holds more, and Python's own limit is told in words for programmers


class StorableJSONParser(JSONParser):
    """Parser for one JSON object in UTF-8 (RFC 8259), with unique keys and values that can be stored.

    A call that is marked with `takes_list` has a list of them. Refused are: other values than that, a field that comes
    twice, NaN and the infinities, also as numbers that are too large, nesting without end, and half characters that no
    table can hold.
    """

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the object, or the list.

        Raises:
            ParseError: there is none, or it can't be kept.
        """
        try:
            text = stream.read().decode("utf-8")
            data = _decoder.decode(text)
            if "\\u" in text:  # the only way to write half a character
                json.dumps(data, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError) as error:
            raise ParseError(gettext("The body is nested too deeply or holds an incomplete character.")) from error
        except UnicodeDecodeError as error:
            raise ParseError(gettext("The body is not text in UTF-8.")) from error
        except json.JSONDecodeError as error:
            message = gettext("The body is not JSON: see line %(line)s, column %(column)s.")
            raise ParseError(message % {"line": error.lineno, "column": error.colno}) from error
        return _of_its_kind(data, parser_context or {})


def _of_its_kind(data: Any, context: Mapping[str, Any]) -> Any:
    view = context.get("view")
    if view is not None and is_list(view, context["request"].method):
        if not isinstance(data, list):
            raise ParseError(gettext("The body has to be a JSON list."))
    elif not isinstance(data, dict):
        raise ParseError(gettext("The body has to be a JSON object, with its fields by name."))
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counted = Counter(name for name, _ in pairs)
        [(twice, _)] = counted.most_common(1)
        raise ParseError(gettext("The body names the field “%(name)s” twice.") % {"name": twice[:100]})
    return found


def _integer(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        _no_number(text)
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        _no_number(text)
    return number


def _no_number(text: str) -> NoReturn:
    raise ParseError(gettext("“%(text)s” is not a number that the API takes.") % {"text": text[:100]})


# Made once: `json.loads` with options makes one for each text.
_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_no_number, parse_float=_number, parse_int=_integer
)
