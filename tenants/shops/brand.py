"""Look of a shop in letters about it: its name, its logo, and a colour of its own."""

from dataclasses import dataclass

from kit.files import full_media_url
from tenants.models import Shop

# Each can be read on white, and white on each (WCAG AA); shops choose no colours, so the id does.
COLOURS = ("#00694b", "#7a3e00", "#1f4e8c", "#7b2d5b", "#5b4a00", "#0b5f6b", "#8a2b2b", "#4a4a8f")


@dataclass(frozen=True, slots=True)
class Brand:
    """Look of a shop in a letter.

    Args:
        logo: address of the picture; empty where it has none. Mail programs may not show it, so the name is beside it.
        colour: of its name and of the button.
    """

    name: str
    logo: str
    colour: str


def brand_of(shop: Shop) -> Brand:
    """Return the look of a shop."""
    logo = full_media_url(shop.logo) if shop.logo else ""
    return Brand(shop.name, logo, COLOURS[(shop.pk or 0) % len(COLOURS)])
