"""Rows of the variants' grid, made of the values of the options."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from django.utils.text import slugify

from catalogue.services.validation import MAX_SKU, MAX_VARIANTS

LONGEST_STEM = 28
COPIED = ("price", "was", "weight", "on_hand")
NAMELESS = "ITEM"


def values_of(text: str) -> list[str]:
    """Return the values in a line such as `S, M, L`, each once."""
    return list(dict.fromkeys(value for part in text.split(",") if (value := " ".join(part.split()))))


def rows_with_values(
    rows: Sequence[dict[str, Any]], *, values: Mapping[int, Sequence[str]], title: str
) -> list[dict[str, Any]]:
    """Return the typed rows, and a new row for each further combination of the values.

    The first row's prices and count are given to all new rows, and each gets a SKU of the title and its values. A first
    row without a value of an option only carries these figures, and is replaced.

    Args:
        values: the values of each option by its number; options without values are left out.
    """
    filled = [row for row in rows if any(str(row.get(name, "")).strip() for name in ("sku", *COPIED, *_names(values)))]
    pattern = filled[0] if filled else {}
    kept = [row for row in filled if row.get("id") or any(row.get(name) for name in _names(values))]
    known = {tuple(str(row.get(name, "")).casefold() for name in _names(values)) for row in kept}
    stem = str(pattern.get("sku") or "") or slugify(title)[:LONGEST_STEM].strip("-").upper() or NAMELESS
    for combination in product(*values.values()):
        if tuple(value.casefold() for value in combination) in known:
            continue
        kept.append(
            {name: pattern.get(name, "") for name in COPIED}
            | dict(zip(_names(values), combination, strict=True))
            | {"sku": "-".join([stem, *(slugify(value).upper() for value in combination)])[:MAX_SKU]}
        )
    return kept[:MAX_VARIANTS]


def _names(values: Mapping[int, Sequence[str]]) -> list[str]:
    return [f"value_{number}" for number in values]
