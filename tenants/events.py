"""Events of shops."""

from dataclasses import dataclass

from kit.work.events import Event


@dataclass(frozen=True, slots=True)
class ShopChanged(Event):
    """A shop's profile or status has changed.

    Args:
        fields: columns of its profile that have other values now.
        before: its status until now, where that has changed; `after` is the new one.
    """

    topic = "shop.changed"
    shop_id: int
    fields: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
