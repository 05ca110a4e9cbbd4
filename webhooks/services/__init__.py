"""The inbox: receive, process, replay, empty; and answers about transfers."""

from webhooks.services.approving import approve_transfer
from webhooks.services.processing import process_event, process_next
from webhooks.services.receiving import may_be_an_event, receive_event
from webhooks.services.upkeep import purge_bodies, replay_event

__all__ = [
    "approve_transfer",
    "may_be_an_event",
    "process_event",
    "process_next",
    "purge_bodies",
    "receive_event",
    "replay_event",
]
