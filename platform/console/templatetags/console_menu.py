"""`{% menu_counts as counts %}`, for the console's menu."""

from django import template
from django.utils import timezone

from console.services.menu_counts import menu_counts as cached_counts

register = template.Library()


@register.simple_tag
def menu_counts() -> dict[str, int]:
    """Return the numbers of cases beside the menu's entries, by entry."""
    return cached_counts(now=timezone.now())
