"""A delivered order of three units."""

from tests.checkout.returning.conftest import item, part, sent_part

__all__ = ["item", "part", "sent_part"]
