"""Words that products are found by, in four weights, folded as what people type is."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kit.text.folding import index_text

MAX_DESCRIPTION = 8000


def found_by(*, products: str, variants: str, shop_name: str, categories: str) -> str:
    """Return the words of each product, as JSON with its id.

    The title weighs most (a), then brand and categories (b), then the shop's name, SKUs and values of options (c), then
    the description (d).

    Args:
        products: JSON of read_shop.sql.
        variants: JSON of read_shop.sql.
        categories: JSON of all of them, each as id, parent's id and name.
    """
    tree = {category_id: (parent_id, name) for category_id, parent_id, name in json.loads(categories)}
    of_variants: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for variant in json.loads(variants):
        texts = [variant["sku"], *_values(variant["options"])]
        of_variants[variant["listing_id"]].update(dict.fromkeys(texts))
    found = [
        {
            "id": product["id"],
            "a": index_text(product["title"]),
            "b": index_text(" ".join([product["brand"], *_path(tree, product["category_id"])])),
            "c": index_text(" ".join([shop_name, *of_variants[product["id"]]])),
            "d": index_text(product["description"][:MAX_DESCRIPTION]),
        }
        for product in json.loads(products)
    ]
    return json.dumps(found)


def _values(options: Any) -> Iterable[str]:
    """Return the values of a variant's options: pairs in order, or an object in older rows."""
    pairs = options.items() if isinstance(options, Mapping) else options
    return [str(value) for _, value in pairs]


def _path(tree: Mapping[int, tuple[int | None, str]], category_id: int | None) -> Iterator[str]:
    """Yield the names of a category and of those above it; a cycle that should not be there ends."""
    seen: set[int] = set()
    while category_id is not None and category_id in tree and category_id not in seen:
        seen.add(category_id)
        category_id, name = tree[category_id]
        yield name
