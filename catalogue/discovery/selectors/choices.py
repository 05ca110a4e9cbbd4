"""A choice among a product's variants, by the values of their options.

Pages name an option in a field or a parameter `option-<name>`, so that an address can be read and kept.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kit.db.pipeline import Query, Rows, ask
from kit.text.pairs import as_mapping

OPTION_FIELD = "option-"  # before the option's name
OPTIONS_READ = 10  # more than a product has

# JSON, not JSONB: Django has psycopg hand the latter over as text.
OF_LISTING = """
SELECT v.id, v.options::json FROM public.discovery_listingvariant v
  JOIN public.discovery_listing l ON l.id = v.listing_id
 WHERE v.listing_id = $1 AND l.is_published ORDER BY v.position, v.id
"""


def picked_options(params: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a form or an address by option."""
    named = [name for name in params if name.startswith(OPTION_FIELD)][:OPTIONS_READ]
    return {name.removeprefix(OPTION_FIELD): params[name] for name in named}


def varying_options(options: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the options in which variants differ with their values, in the shop's order.

    None are returned where they do not tell every variant from the others.
    """
    names = list(options[0]) if options else []
    if any(set(own) != set(names) for own in options):
        return {}
    values = {name: list(dict.fromkeys(own[name] for own in options)) for name in names}
    told_apart = {tuple(own[name] for name in names) for own in options}
    return {name: found for name, found in values.items() if len(found) > 1} if len(told_apart) == len(options) else {}


def has_options(options: Mapping[str, str], picked: Mapping[str, str]) -> bool:
    """Return whether a variant has all values that were picked."""
    return all(options.get(name) == value for name, value in picked.items())


def find_variant(*, listing_id: UUID, picked: Mapping[str, str]) -> UUID | None:
    """Return the one variant of a listing with the picked values; None where there is none, or more than one."""
    found = ask(Query(OF_LISTING, [listing_id], lambda rows: _with_options(rows, picked)))
    return found[0] if len(found) == 1 else None


def _with_options(rows: Rows, picked: Mapping[str, str]) -> list[UUID]:
    return [variant_id for variant_id, options in rows if has_options(as_mapping(options), picked)]
