"""A guest's place in waiting rooms goes along when they sign in."""

from django.utils import timezone

from accounts.services.signed_in import SignedIn
from checkout.cart.identity import guest_cart
from checkout.cart.store import CartId
from checkout.waiting_room.queue import take_over_places


def keep_place(signed_in: SignedIn) -> None:
    """Move the places of a guest to their account."""
    guest = guest_cart(signed_in.request)
    if guest is not None:
        take_over_places(source=guest.owner, into=CartId.of_user(signed_in.user.pk).owner, now=timezone.now())
