"""How webhooks are joined to the other apps."""

from webhooks.capabilities import CAPABILITIES

CONTRIBUTES = CAPABILITIES
