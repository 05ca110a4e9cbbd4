"""Types that describe demo goods and shops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CURRENCY = "NGN"  # of all shops; goods have their prices in naira


@dataclass(frozen=True, slots=True)
class Good:
    """A product of a demo shop; prices are whole naira.

    Args:
        kind, palette: what the illustration shows (see `demo.art`).
        options: values of each option, such as `{"Size": ("S", "M")}`; each combination is a variant.
        colours: palettes of the values that have a picture of their own, such as `{"Black": "charcoal"}`.
        step: what each further value of the last option costs more.
        stock: of the first variant; the following ones have fewer, the last may be sold out.
    """

    title: str
    kind: str
    palette: str
    price: int
    category: str
    text: str
    was: int | None = None
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    step: int = 0
    stock: int = 24


@dataclass(frozen=True, slots=True)
class DemoShop:
    """A demo shop with its goods; `owner` is an e-mail address."""

    slug: str
    name: str
    owner: str
    city: str
    tagline: str
    about: str
    returns: str
    palette: str
    motif: str
    banner_kinds: tuple[str, ...]
    delivery: int
    goods: Sequence[Good]
    status: str = "live"
    commission_bps: int | None = None
