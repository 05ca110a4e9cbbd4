"""Invalidate caches, after the commit, when listings have changed."""

from functools import partial

from django.db import transaction

from catalogue.discovery.selectors import versions


def bump_shop(shop_id: int) -> None:
    """Make cached answers about a shop's listings, and about all listings, unreachable after the commit."""
    transaction.on_commit(partial(versions.bump, [versions.EVERYTHING, versions.of_shop(shop_id)]))


def bump_shop_names() -> None:
    """Make processes read again, after the commit, which shops are on show and what they are called."""
    transaction.on_commit(partial(versions.bump, [versions.SHOPS, versions.EVERYTHING]))


def bump_categories() -> None:
    """Make cached answers about the category tree unreachable after the commit."""
    transaction.on_commit(partial(versions.bump, [versions.CATEGORIES, versions.EVERYTHING]))


def bump_vocabulary() -> None:
    """Make processes read the vocabulary again after the commit."""
    transaction.on_commit(partial(versions.bump, [versions.VOCABULARY]))
