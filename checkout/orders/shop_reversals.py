"""Reversals of a shop's sales, for its statement."""

from collections.abc import Collection

from checkout.models import Reversal
from kit.db.roles import as_platform


@as_platform()  # a reversal names the person who made it
def shop_reversals(*, shop_id: int, ids: Collection[str]) -> dict[str, Reversal]:
    """Return a shop's reversals by id, in one statement; those of other shops are left out."""
    found = Reversal.objects.filter(sub_order__shop_id=shop_id, pk__in=ids) if ids else ()
    return {str(each.pk): each for each in found}
