"""Orders that a guest placed become the account's that has proved the same e-mail address."""

from django.db import transaction

from accounts.models import User
from accounts.selectors import is_email_verified
from accounts.services.proof import EmailProved
from accounts.services.signed_in import SignedIn
from checkout.models import Order
from checkout.orders.selectors import lock_guest_orders
from kit.db.roles import as_platform


def join_when_proved(proved: EmailProved) -> None:
    """Give an account the orders that were placed with its address, once it is proved."""
    join_guest_orders(user=proved.user)


def join_when_signed_in(signed_in: SignedIn) -> None:
    """Give an account the orders that its owner has placed since without signing in."""
    if is_email_verified(user=signed_in.user):
        join_guest_orders(user=signed_in.user)


@as_platform()
def join_guest_orders(*, user: User) -> int:
    """Assign guest orders with a person's address to their account; return the number of orders.

    The address must be verified. An order that is locked at the moment is joined at the next sign-in.
    """
    with transaction.atomic():
        found = [order.pk for order in lock_guest_orders(email=user.email)]
        return Order.objects.filter(pk__in=found).update(buyer_id=user.pk) if found else 0
