"""Find texts in scripts: scripts have none of their own, they take them from `data-` attributes of the page."""

from __future__ import annotations

import re

COMMENT = re.compile(r"/\*.*?\*/|(?m:(?<![:\"'])//.*$)", re.DOTALL)
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`')
PROSE = re.compile(
    r"[A-Za-z’']{2,} [a-z’']{2,}|^[A-Z][a-z]+ ?[a-z]*[.!?]?$|[A-Za-z]{2,}[.!?…]$|% [a-z]{2,}|^ [a-z]{3,}$|>[A-Z][a-z]+"
)
HOLE = re.compile(r"\$\{[^}]*\}")
MARKUP = re.compile(r"<\w[^>]*>\s*[A-Z][a-z]+")  # what `innerHTML` is given: words between tags
# Names of keys (KeyboardEvent.key), and selectors.
KEYS = frozenset({"Escape", "Enter", "Tab"})
SELECTOR = re.compile(r"[\[\]#>=]|^\.|^[a-z]+[-:.]")


def unmarked_in_script(source: str) -> list[str]:
    """Return what a script says to people in words of its own."""
    texts = ["".join(found) for found in STRING.findall(COMMENT.sub("", source))]
    return [
        text
        for text in texts
        if PROSE.search(HOLE.sub("", text))
        and text not in KEYS
        and (MARKUP.search(text) or not SELECTOR.search(HOLE.sub("", text)))
    ]
