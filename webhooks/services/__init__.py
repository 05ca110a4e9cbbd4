"""The inbox: receive, process, sweep, replay."""

from webhooks.services.processing import process_event
from webhooks.services.receiving import receive_event
from webhooks.services.upkeep import replay_event, sweep_inbox

__all__ = ["process_event", "receive_event", "replay_event", "sweep_inbox"]
