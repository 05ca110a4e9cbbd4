"""Capabilities of a shop's integrations."""

from django.utils.translation import gettext_lazy

from tenants.access import MANAGERS, Capability

MANAGE_INTEGRATIONS = Capability("manage_integrations", gettext_lazy("Set up API keys and webhooks"), MANAGERS)

CAPABILITIES = (MANAGE_INTEGRATIONS,)
