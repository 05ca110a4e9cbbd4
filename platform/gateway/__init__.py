"""Payment providers behind one port."""

from gateway.registry import get_provider, provider_for

__all__ = ["get_provider", "provider_for"]
