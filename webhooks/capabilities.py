"""Capabilities of a shop's integrations."""

from tenants.access import MANAGERS, Capability

MANAGE_INTEGRATIONS = Capability("manage_integrations", "Set up API keys and webhooks", MANAGERS)

CAPABILITIES = (MANAGE_INTEGRATIONS,)
