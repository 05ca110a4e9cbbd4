"""Tasks of discovery."""

from typing import Any

from catalogue.discovery.services import refolding, vocabulary
from kit.work.tasks import shared_task


@shared_task(name="discovery.refresh_vocabulary")
def refresh_vocabulary(**_: Any) -> None:
    """Bring the words for typing errors up to date with the listings."""
    vocabulary.refresh_vocabulary_if_stale()


@shared_task(name="discovery.fold_listings")
def fold_listings(**_: Any) -> None:
    """Write listings anew whose words another release has folded."""
    refolding.fold_listings()
