"""Finding returns, each for the side that asks."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from checkout.errors import ReturnNotFoundError
from checkout.models import Order, Return, ReturnPhoto, ReturnStatus
from kit.db.keyset import Slice, read_slice
from kit.db.roles import as_platform


def all_returns(*, status: str = "") -> "QuerySet[Return]":
    """Return returns of all shops with their parts, newest first."""
    found = Return.objects.select_related("sub_order__order", "shop", "reversal", "exchange_order").order_by("-id")
    return found.filter(status=status) if status else found


def returns_of_orders(order_ids: Collection[UUID]) -> dict[UUID, list[Return]]:
    """Return the returns of some orders, each oldest first, with their photos, in two statements at most."""
    found: dict[UUID, list[Return]] = {}
    for each in all_returns().filter(sub_order__order_id__in=order_ids).prefetch_related("photos").order_by("id"):
        found.setdefault(each.sub_order.order_id, []).append(each)
    return found


def return_of_order(order: Order, *, return_id: UUID) -> Return:
    """Return one of an order's returns.

    Raises:
        ReturnNotFoundError: the order has no such return.
    """
    return _the_one(all_returns().filter(sub_order__order=order, pk=return_id))


def get_any_return(*, return_id: UUID) -> Return:
    """Return a return of any shop.

    Raises:
        ReturnNotFoundError: there is no such return.
    """
    return _the_one(all_returns().filter(pk=return_id))


@as_platform()  # the order that it is of is the buyer's
def get_shop_return(*, shop_id: int, return_id: UUID) -> Return:
    """Return one of a shop's returns.

    Raises:
        ReturnNotFoundError: the shop has no such return.
    """
    return _the_one(all_returns().filter(shop_id=shop_id, pk=return_id))


@as_platform()  # the orders that they are of are the buyers'
def read_shop_returns(*, shop_id: int, status: str, cursor: str, size: int) -> Slice[Return]:
    """Return some of a shop's returns, newest first.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    found = all_returns(status=status).filter(shop_id=shop_id).prefetch_related("photos")
    return read_slice(found, cursor=cursor, size=size)


@as_platform()  # the orders that they are of are the buyers'
def shop_return_page(*, shop_id: int, status: str, offset: int, limit: int) -> tuple[list[Return], int]:
    """Return a page of a shop's returns, newest first, and how many there are."""
    found = all_returns(status=status).filter(shop_id=shop_id).prefetch_related("photos")
    return list(found[offset : offset + limit]), found.count()


@as_platform()  # the order that they are of is the buyer's
def returns_of_part(*, shop_id: int, number: str) -> list[Return]:
    """Return the returns of a shop's part of an order, the oldest first."""
    found = all_returns().filter(shop_id=shop_id, sub_order__number=number)
    return list(found.prefetch_related("photos").order_by("id"))


def escalated_returns() -> "QuerySet[Return]":
    """Return the returns that wait for an operator, the oldest first."""
    return all_returns(status=ReturnStatus.ESCALATED).order_by("id")


def photo_of_order(order: Order, *, photo_id: UUID) -> ReturnPhoto:
    """Return a photo of an order's buyer.

    Raises:
        ReturnNotFoundError: the order has none with this id.
    """
    return _the_photo(ReturnPhoto.objects.filter(order=order, pk=photo_id))


@as_platform()  # the order that it is of is the buyer's
def photo_of_shop(*, shop_id: int, photo_id: UUID) -> ReturnPhoto:
    """Return a photo of one of a shop's returns.

    Raises:
        ReturnNotFoundError: the shop has none with this id.
    """
    return _the_photo(ReturnPhoto.objects.filter(of_return__shop_id=shop_id, pk=photo_id))


def any_photo(*, photo_id: UUID) -> ReturnPhoto:
    """Return a photo of any return.

    Raises:
        ReturnNotFoundError: there is none with this id.
    """
    return _the_photo(ReturnPhoto.objects.filter(of_return__isnull=False, pk=photo_id))


def _the_one(found: "QuerySet[Return]") -> Return:
    returned = found.prefetch_related("photos").first()
    if returned is None:
        raise ReturnNotFoundError
    return returned


def _the_photo(found: "QuerySet[ReturnPhoto]") -> ReturnPhoto:
    photo = found.first()
    if photo is None:
        raise ReturnNotFoundError
    return photo
