"""Payment providers behind one port."""

from gateway.registry import get_provider

__all__ = ["get_provider"]
