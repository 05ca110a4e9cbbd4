"""What every page may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kit.hosts import platform_url


def market(request: HttpRequest) -> dict[str, Any]:
    """Add the market's name and address, and the shop whose host this is."""
    return {
        "platform_name": settings.PLATFORM_NAME,
        "platform_url": platform_url(),
        "shop": getattr(request, "shop", None),
        "environment": settings.ENVIRONMENT,
    }
