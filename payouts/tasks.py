"""Tasks of the release."""

from typing import Any

from django.utils import timezone

from kit.work.tasks import shared_task
from payouts.release.round import run_round


@shared_task(name="payouts.release_due")
def release_due(**_: Any) -> None:
    """Release the money that is due."""
    run_round(now=timezone.now())


@shared_task(name="payouts.repair_releases")
def repair_releases(**_: Any) -> None:
    """Schedule and hold what was missed, and release what is due of it."""
    run_round(now=timezone.now(), repairs=True)
