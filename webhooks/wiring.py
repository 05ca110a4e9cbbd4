"""Contributions of webhooks to the other apps."""

from kit.web.status_tones import StatusTones
from webhooks.capabilities import CAPABILITIES
from webhooks.stored_sentences import SENTENCES
from webhooks.watch import INBOX_CHECK

CONTRIBUTES = (
    StatusTones("webhooks", warning=("received",)),
    *CAPABILITIES,
    *SENTENCES,
    INBOX_CHECK,
)
