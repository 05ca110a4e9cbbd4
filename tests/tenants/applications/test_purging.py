"""Applications that were begun and never sent are forgotten; all others stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages

from tenants.applications.selectors import abandoned_application_ids
from tenants.applications.services import purging
from tenants.applications.services.drafts import Business, RequestedShop, save_business, save_requested_shop
from tenants.applications.services.submission import submit_application, withdraw_application
from tenants.models import ApplicationDocument, ApplicationEntry, ShopApplication
from tenants.tasks import purge_drafts
from tests.world.applications import BUSINESS, REQUESTED_SHOP, add_paper, complete, started, submitted
from tests.world.clock import NOW

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=60)
LATE = NOW + KEPT + timedelta(seconds=1)


def left() -> set[Any]:
    return set(ShopApplication.objects.values_list("pk", flat=True))


def test_a_draft_goes_with_its_papers_and_history(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    draft = started()
    file = add_paper(draft).file
    other = started(slug="another-batik")
    ShopApplication.objects.filter(pk=other.pk).update(updated_at=LATE)
    with django_capture_on_commit_callbacks(execute=True):
        assert purging.purge_drafts(now=LATE) == 1
    assert left() == {other.pk}
    assert not ApplicationDocument.objects.exists()
    assert set(ApplicationEntry.objects.values_list("application_id", flat=True)) == {other.pk}
    assert not storages["private"].exists(file)


@pytest.mark.parametrize("late", [timedelta(0), -timedelta(days=1)])
def test_a_draft_stays_as_long_as_is_said(late: timedelta) -> None:
    draft = started()
    assert purging.purge_drafts(now=NOW + KEPT + late) == 0
    assert left() == {draft.pk}


def test_whoever_comes_back_has_as_long_again() -> None:
    saved, filled, brought = (started(slug=f"batik-{number}") for number in range(3))
    back = NOW + timedelta(days=30)
    save_requested_shop(application_id=saved.pk, shop=RequestedShop(**REQUESTED_SHOP | {"slug": "batik-9"}), now=back)
    save_business(application_id=filled.pk, business=Business(**BUSINESS), now=back)
    add_paper(brought)
    ApplicationDocument.objects.filter(application=brought).update(created_at=back)
    assert purging.purge_drafts(now=LATE) == 0
    assert left() == {saved.pk, filled.pk, brought.pk}
    assert purging.purge_drafts(now=back + KEPT + timedelta(seconds=1)) == 3


def test_what_was_withdrawn_before_it_was_sent_goes_too() -> None:
    withdraw_application(application_id=started().pk, now=NOW)
    assert purging.purge_drafts(now=LATE) == 1
    assert left() == set()


def test_what_was_sent_stays_whatever_became_of_it(paystack: Any) -> None:
    waits = submitted()
    taken_back = submitted(slug="another-batik")
    ShopApplication.objects.filter(pk=taken_back.pk).update(status="more_needed")
    withdraw_application(application_id=taken_back.pk, now=NOW)
    asked = submitted(slug="third-batik")
    ShopApplication.objects.filter(pk=asked.pk).update(status="more_needed")
    history = ApplicationEntry.objects.count()
    assert purging.purge_drafts(now=LATE + timedelta(days=1000)) == 0
    assert left() == {waits.pk, taken_back.pk, asked.pk}
    assert ApplicationEntry.objects.count() == history


def test_what_is_sent_while_drafts_are_looked_for_stays(paystack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = complete()

    def and_then_sent(**asked: Any) -> Any:
        ids = abandoned_application_ids(**asked)
        if "among" not in asked:
            submit_application(application_id=draft.pk, now=LATE)
        return ids

    monkeypatch.setattr(purging, "abandoned_application_ids", and_then_sent)
    assert purging.purge_drafts(now=LATE) == 0
    assert left() == {draft.pk}
    assert draft.documents.count() == 1


def test_one_that_is_gone_meanwhile_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = started(), started(slug="another-batik")
    found = abandoned_application_ids(before=LATE, limit=2)
    ApplicationEntry.objects.filter(application=first).delete()
    first.delete()
    monkeypatch.setattr(purging, "abandoned_application_ids", lambda **asked: asked.get("among", found))
    assert purging.purge_drafts(now=LATE) == 1
    assert left() == set()


def test_the_schedule_does_it() -> None:
    ShopApplication.objects.filter(pk=started().pk).update(updated_at=NOW - timedelta(days=1000))
    purge_drafts(schema="public", unknown=1)
    assert left() == set()
