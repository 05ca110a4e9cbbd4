"""The waiting room that a product has, for its shop."""

from uuid import UUID

from checkout.errors import NoWaitingRoomError
from checkout.models import WaitingRoom


def planned_room(*, listing_id: UUID) -> WaitingRoom:
    """Return a product's waiting room: over, open or to come.

    Raises:
        NoWaitingRoomError: it has had none.
    """
    room = WaitingRoom.objects.filter(pk=listing_id).first()
    if room is None:
        raise NoWaitingRoomError
    return room
