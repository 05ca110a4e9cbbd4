"""States, regions and counties of a country by ISO 3166-2 code, and those that people write as text."""

from dataclasses import dataclass
from functools import cache, lru_cache

from kit.text.countries import country_codes
from kit.text.folding import fold

# As people write them, beside the names and codes of the standard.
ABBREVIATIONS = {("NG", "fct"): "federal capital territory"}


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A state, region or county, such as NG-LA, Lagos."""

    code: str
    name: str


def subdivisions_of(country: str) -> tuple[Subdivision, ...]:
    """Return the subdivisions of a country by name; none where it has none, or where there is no such country."""
    return _of_country(country) if country in country_codes() else ()  # other texts are not remembered


@cache
def _of_country(country: str) -> tuple[Subdivision, ...]:
    import pycountry  # 0.1 s and 9 MB, where it is asked for alone

    found = pycountry.subdivisions.get(country_code=country)  # type: ignore[no-untyped-call]
    return tuple(
        sorted((Subdivision(each.code, each.name) for each in found or ()), key=lambda each: folded(each.name))
    )


@lru_cache(maxsize=4_096)
def find_subdivision(country: str, text: str) -> Subdivision | None:
    """Return the subdivision that a text names, or None.

    It may be the code, with the country or without, the name in any case and with or without its marks, or words of
    the name that no other one has: Abuja for Abuja Federal Capital Territory.
    """
    known, asked = subdivisions_of(country), _written_out(country, folded(text))
    if not asked:
        return None
    code = text.strip().upper()
    exact = [
        each
        for each in known
        if code in {each.code, each.code.partition("-")[2]} or _joined(folded(each.name)) == _joined(asked)
    ]
    if exact:
        return exact[0]
    plain = _without_kind(asked)
    words = set(plain.split())
    named = [each for each in known if _without_kind(folded(each.name)) == plain]
    found = named or [each for each in known if words and words <= set(folded(each.name).split())]
    return found[0] if len(found) == 1 else None


def subdivision_code(country: str, text: str) -> str:
    """Return the code of the subdivision that a text names, or an empty text."""
    found = find_subdivision(country, text)
    return found.code if found else ""


def closest_subdivision(country: str, text: str) -> str:
    """Return the name of the subdivision that is written most like a text, or an empty text."""
    from difflib import get_close_matches

    names = {_without_kind(folded(each.name)): each.name for each in subdivisions_of(country)}
    [*found] = get_close_matches(_without_kind(folded(text)), names, n=1, cutoff=0.75)
    return names[found[0]] if found else ""


def folded(text: str) -> str:
    """Return a place's name in small plain letters with single spaces, so that it is found however it is written."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())


def _written_out(country: str, name: str) -> str:
    """Return a folded name with its usual abbreviations written out: FCT Abuja."""
    return " ".join(ABBREVIATIONS.get((country, word), word) for word in name.split())


def _joined(name: str) -> str:
    """Return a folded name without spaces: Muranga is Murang'a."""
    return name.replace(" ", "")


def _without_kind(name: str) -> str:
    """Return a folded name without the word for its kind: Lagos State is Lagos."""
    return " ".join(word for word in name.split() if word not in {"state", "region", "county", "province"})
