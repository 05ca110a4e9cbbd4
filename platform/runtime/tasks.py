"""Tasks of the runtime."""

from typing import Any

from kit.work.tasks import shared_task
from runtime import heartbeat


@shared_task(name="runtime.heartbeat")
def scheduler_heartbeat(**_: Any) -> None:
    """Show that what is scheduled gets done."""
    heartbeat.beat_once(heartbeat.SCHEDULER)
