"""JSON as it can stand inside an HTML page."""

import json

# Characters that could end a script element or begin a comment in it, and line ends that JavaScript once knew.
ESCAPES = str.maketrans({code: f"\\u{ord(code):04X}" for code in "<>&\u2028\u2029"})


def json_in_html(data: object) -> str:
    """Return data as JSON whose texts cannot be read as markup."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).translate(ESCAPES)
