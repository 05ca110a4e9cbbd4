"""Steps of a part of an order that operators take for its shop, on the order's page."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import parcel_moves, part_moves
from checkout.moves.move import Side
from checkout.moves.table import UNDOABLE
from checkout.orders.parcel_rows import parcels_of
from console.access import operators_only
from console.forms.actions import StepForm
from console.services.part_moves import (
    StepForShop,
    change_tracking_for_shop,
    deliver_for_shop,
    pack_for_shop,
    send_for_shop,
    undo_for_shop,
)
from console.views.reasons import SAY_WHY
from kit.errors import DomainError, NotFoundError

STEPS = frozenset({"pack", "ship", "deliver", "undo", "change_tracking"})


def moves_of_parts(parts: Iterable[SubOrder]) -> list[dict[str, Any]]:
    """Return the parts with something to be done, each with its steps and those of its parcels."""
    now = timezone.now()
    rows = []
    for part in parts:
        moves = [move for move in part_moves(PartFacts.of(part), by=Side.OPERATOR, now=now) if move in STEPS]
        parcels = [
            {"row": row, "moves": parcel_moves(row.parcel, by=Side.OPERATOR, now=now)} for row in parcels_of(part)
        ]
        if moves or parcels:
            rows.append({"part": part, "moves": moves, "parcels": parcels})
    return rows


@operators_only
@require_POST
def part_step(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Take a step of a part for its shop, with a reason."""
    move, form = request.POST.get("move", ""), StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("tracking_url", [SAY_WHY]))))
        return redirect("console:order", number=number)
    if move not in STEPS:
        raise Http404
    facts = form.cleaned_data
    step = StepForShop(number, part, signed_in_user(request).pk, facts["reason"], timezone.now())
    try:
        _take(move, step, facts, seen=request.POST.get("seen", ""))
        messages.success(request, gettext("Done with %(number)s. Buyer and shop see it.") % {"number": part})
    except NotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:order", number=number)


def _take(move: str, step: StepForShop, facts: dict[str, Any], *, seen: str) -> None:
    parcel = Parcel(facts["carrier"], facts["tracking_number"], facts["tracking_url"])
    match move:
        case "pack":
            pack_for_shop(step)
        case "ship":
            send_for_shop(step, parcel=parcel)
        case "deliver":
            deliver_for_shop(step, parcel=facts["parcel"])
        case "undo":
            undo_for_shop(step, status=PartStatus(seen) if seen in UNDOABLE else None, parcel=facts["parcel"])
        case _:
            change_tracking_for_shop(step, parcel=parcel, shipment=facts["parcel"])
