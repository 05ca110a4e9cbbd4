"""JSON texts by an encoder, and a reader, that are put together once.

`json.dumps` with options, and the `encode` of the library's encoder, put one together for every text, which for a short
one costs more than the text (docs/adr/0069).
"""

import json
from collections.abc import Callable
from json import encoder
from typing import Any

_decoder: Any = json.JSONDecoder()
_scan: Callable[[str, int], tuple[Any, int]] = _decoder.scan_once


def read_json(text: str) -> Any:
    """Return the value of a JSON text without space around it, as the database writes it."""
    return _scan(text, 0)[0]


def encoder_of(kind: type[json.JSONEncoder] = json.JSONEncoder, **options: Any) -> Callable[[Any], str]:
    """Return the function that writes what `json.dumps(value, cls=kind, **options)` writes.

    A value that holds itself ends in a RecursionError, where the library says ValueError.
    """
    made: Any = kind(**options, check_circular=False)
    compiled: Any = getattr(encoder, "c_make_encoder", None)
    if compiled is None or made.indent is not None:  # another interpreter than CPython
        encode: Callable[[Any], str] = made.encode
        return encode
    quoted = encoder.encode_basestring_ascii if made.ensure_ascii else encoder.encode_basestring
    separators = made.key_separator, made.item_separator
    pieces = compiled(None, made.default, quoted, None, *separators, made.sort_keys, made.skipkeys, made.allow_nan)
    join = "".join
    return lambda value: join(pieces(value, 0))
