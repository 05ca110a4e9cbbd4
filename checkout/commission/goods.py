"""Products and categories of rules by name."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext

from catalogue.discovery.selectors.categories import category_tree
from catalogue.discovery.selectors.published import titles_of
from payouts.models import CommissionRule


def name_goods(rules: Iterable[CommissionRule]) -> Callable[[CommissionRule], str]:
    """Return the function that names the goods of each of some rules, in the language that is active when it is called.

    All products are read in one statement, before.
    """
    products = {rule.product_id for rule in rules if rule.product_id is not None}
    titles = titles_of(products) if products else {}

    def name(rule: CommissionRule) -> str:
        if rule.product_id is not None:
            return titles.get(rule.product_id) or gettext("A product that is gone")
        if rule.category_id is None:
            return gettext("All goods")
        path = category_tree().path_to(rule.category_id)
        return " › ".join(node.name for node in path) or gettext("A category that no longer exists")

    return name
