"""The platform's commission: what it is taken of, and how it is rounded."""


def commission_of(*, items_minor: int, shop_discount_minor: int, rate_bps: int) -> int:
    """Return the platform's share of a shop's part; the fraction stays with the shop.

    It is taken of the items less what the shop itself gives away. A discount that the platform funds does not lower
    it, and neither delivery nor tax is part of it.

    Args:
        items_minor: the items at their prices.
        shop_discount_minor: what the shop itself takes off them.
        rate_bps: the rate in basis points (800 is 8 %).
    """
    return (items_minor - shop_discount_minor) * rate_bps // 10_000
