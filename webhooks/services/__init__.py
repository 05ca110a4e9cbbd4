"""The inbox: receive, process, sweep, replay, empty."""

from webhooks.services.processing import process_event
from webhooks.services.receiving import receive_event
from webhooks.services.upkeep import purge_bodies, replay_event, sweep_inbox

__all__ = ["process_event", "purge_bodies", "receive_event", "replay_event", "sweep_inbox"]
