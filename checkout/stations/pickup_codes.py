"""Codes with which buyers fetch their parcels at stations: made, shown to the buyer, and asked for at the counter."""

import secrets
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction

from checkout.errors import PickupCodeLockedError, PickupCodeNeededError, WrongPickupCodeError
from checkout.fulfilment.status import PartStatus
from checkout.models import PickupCode, SubOrder
from checkout.models.stations import CODE_ALPHABET, CODE_LENGTH, MOST_WRONG_TRIES
from kit.db.roles import as_platform


def make_code(*, sub_order_id: UUID) -> None:
    """Make the code of a part; one that it has is kept, so that a letter of before holds."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    with as_platform():
        PickupCode.objects.bulk_create([PickupCode(sub_order_id=sub_order_id, code=code)], ignore_conflicts=True)


def codes_of(sub_order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the codes of parts for their buyer."""
    found = PickupCode.objects.filter(sub_order_id__in=sub_order_ids)
    return dict(found.values_list("sub_order_id", "code"))


def codes_to_tell(parts: Iterable[SubOrder]) -> dict[UUID, str]:
    """Return the codes of parts that go to a station or wait there, for their buyer; no statement where none does."""
    waiting = [part.pk for part in parts if part.status == PartStatus.SHIPPED and part.delivery.get("station")]
    return codes_of(waiting) if waiting else {}


def check_code(*, sub_order_id: UUID, code: str) -> None:
    """Check the code that a buyer has told; a wrong one is counted, in a transaction of its own.

    Raises:
        PickupCodeNeededError: none was given.
        WrongPickupCodeError: it is another one; details have the tries that are left.
        PickupCodeLockedError: it was wrong too often.
    """
    told = "".join(letter for letter in code.upper() if letter.isalnum())
    if not told:
        raise PickupCodeNeededError
    with as_platform(), transaction.atomic():
        kept = lock_code(sub_order_id=sub_order_id)
        if kept is None or kept.wrong_tries >= MOST_WRONG_TRIES:
            raise PickupCodeLockedError
        if secrets.compare_digest(kept.code.encode(), told.encode()):
            return
        kept.wrong_tries += 1
        kept.save(update_fields=["wrong_tries"])
    raise WrongPickupCodeError(details={"tries_left": MOST_WRONG_TRIES - kept.wrong_tries})


def lock_code(*, sub_order_id: UUID) -> PickupCode | None:
    """Lock the code of a part; needs an open transaction."""
    return PickupCode.objects.select_for_update().filter(pk=sub_order_id).first()
