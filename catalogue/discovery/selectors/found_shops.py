"""Shops that are found by their names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.discovery.selectors import versions
from catalogue.discovery.selectors.shops import ShopCard, card_of_shop
from catalogue.discovery.selectors.words import Term, terms_of
from kit.text.folding import chains, joined
from tenants.shops.selectors import names_on_show, shops_by_id

SHOWN = 4


@dataclass(frozen=True, slots=True)
class ShopNames:
    """Words in the names of shops, and the length of each name."""

    ids_by_word: dict[str, set[int]]
    order: dict[int, tuple[int, str]]


def find_shops(text: str, *, limit: int = SHOWN) -> list[ShopCard]:
    """Return the shops whose names have all words of a text, the shortest names first."""
    asked = [term for term in terms_of(text) if not term.is_excluded]
    needed = [term for term in asked if not term.is_optional] or asked
    if not needed:
        return []
    names = _held_names.get()
    found = set.intersection(*(_having(term, names) for term in needed))
    best = sorted(found, key=lambda shop_id: (*names.order[shop_id], shop_id))[:limit]
    shops = shops_by_id(best)
    return [card_of_shop(shops[shop_id]) for shop_id in best if shop_id in shops]


class NameReader:
    """Reads the names of all shops; one that was read before is not folded again, which takes most of the time.

    So a search that comes after a shop has changed its name waits for the reading of ten thousand names, not for the
    folding.
    """

    def __init__(self) -> None:
        self._folded: dict[tuple[str, str], frozenset[str]] = {}

    def read(self) -> ShopNames:
        """Return the names of all shops that buyers may look at."""
        before, folded = self._folded, dict[tuple[str, str], frozenset[str]]()
        ids_by_word: defaultdict[str, set[int]] = defaultdict(set)
        order: dict[int, tuple[int, str]] = {}
        for shop_id, slug, name in names_on_show():
            words = folded[slug, name] = before.get((slug, name)) or words_of(slug, name)
            for word in words:
                ids_by_word[word].add(shop_id)
            order[shop_id] = (len(name), name)
        self._folded = folded
        return ShopNames(dict(ids_by_word), order)


def words_of(slug: str, name: str) -> frozenset[str]:
    """Return the words that a shop is found by, pieces and wholes."""
    found = [*chains(name), *chains(slug)]
    return frozenset({*(piece for chain in found for piece in chain), *map(joined, found)} - {""})


# A shop that is set up live by a command changes neither its name nor its status, and is read after this time.
HELD_SECONDS = 300.0
_held_names = versions.Held(versions.SHOPS, NameReader().read, seconds=HELD_SECONDS)


def _having(term: Term, names: ShopNames) -> set[int]:
    return set.intersection(*(_with_chain(chain, names) for chain in term.chains))


def _with_chain(chain: tuple[str, ...], names: ShopNames) -> set[int]:
    pieces: Iterable[set[int]] = (names.ids_by_word.get(piece, set()) for piece in chain)
    return set.intersection(*pieces) | names.ids_by_word.get(joined(chain), set())
