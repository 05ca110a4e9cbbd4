"""Contributions of webhooks to the other apps."""

from kit.web.status_tones import StatusTones
from webhooks.capabilities import CAPABILITIES

CONTRIBUTES = (
    StatusTones("webhooks", warning=("received",)),
    *CAPABILITIES,
)
