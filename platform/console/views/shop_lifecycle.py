"""Pages for operators' actions on a shop's lifecycle: each a form with a reason and its own result."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from console.forms.actions import ClosureForm, DeletionForm, ReasonForm
from console.services.shop_deletion import delete_shop_early
from console.services.shops import cancel_closing, close_shop, reopen_shop, restore_shop, suspend_shop
from tenants.life.closing import STOPPABLE
from tenants.life.lifecycle import TRANSITIONS
from tenants.models import Shop, ShopStatus


@dataclass(frozen=True, slots=True)
class Act:
    """An action of an operator on a shop.

    Args:
        done: the message afterwards, with `{}` for the shop's name.
        is_possible: whether the shop's status allows it.
    """

    title: StrOrPromise
    text: StrOrPromise
    button: StrOrPromise
    done: StrOrPromise
    service: Callable[..., Shop]
    is_possible: Callable[[Shop], bool]
    form: type[forms.Form] = ReasonForm
    variant: str = "primary"


def _may_become(status: ShopStatus) -> Callable[[Shop], bool]:
    return lambda shop: status in TRANSITIONS[ShopStatus(shop.status)]


ACTS: dict[str, Act] = {
    "suspend": Act(
        gettext_lazy("Suspend this shop"),
        gettext_lazy(
            "Its products leave the market at once and can't be bought. Orders, balance and staff’s access stay, "
            "and payouts are held. Its staff read the reason."
        ),
        gettext_lazy("Suspend"),
        gettext_lazy("{} is suspended."),
        suspend_shop,
        _may_become(ShopStatus.SUSPENDED),
        variant="danger",
    ),
    "restore": Act(
        gettext_lazy("Bring this shop back"),
        gettext_lazy("It gets the status back that it had before it was suspended."),
        gettext_lazy("Restore"),
        gettext_lazy("{} is back."),
        restore_shop,
        lambda shop: shop.status == ShopStatus.SUSPENDED,
    ),
    "close": Act(
        gettext_lazy("Close this shop"),
        gettext_lazy(
            "It takes no new orders, from now on or from a day to come; once its orders are finished it is closed."
        ),
        gettext_lazy("Close"),
        gettext_lazy("The closure of {} is under way."),
        close_shop,
        lambda shop: shop.status in STOPPABLE,
        form=ClosureForm,
        variant="danger",
    ),
    "keep": Act(
        gettext_lazy("Take the closure back"),
        gettext_lazy("The shop stays open, or sells again."),
        gettext_lazy("Keep open"),
        gettext_lazy("{} stays open."),
        cancel_closing,
        lambda shop: shop.status == ShopStatus.CLOSING or shop.closes_at is not None,
    ),
    "reopen": Act(
        gettext_lazy("Reopen this shop"),
        gettext_lazy("It comes back as a draft with all that it had; its owner opens it."),
        gettext_lazy("Reopen"),
        gettext_lazy("{} is back as a draft."),
        reopen_shop,
        lambda shop: shop.status == ShopStatus.CLOSED,
    ),
    "delete": Act(
        gettext_lazy("Delete its data now"),
        gettext_lazy(
            "Products, vendor orders, pictures, staff and domains go for good, before the retention period ends. "
            "Buyers’ orders and the ledger stay. Refused while orders are open or money is owed."
        ),
        gettext_lazy("Delete for good"),
        gettext_lazy("{} is deleted."),
        delete_shop_early,
        lambda shop: shop.status == ShopStatus.CLOSED,
        form=DeletionForm,
        variant="danger",
    ),
}


def perform(act: Act, *, shop: Shop, form: Any, actor_id: int, now: datetime) -> Shop:
    """Run the action, with the form's fields beside the reason."""
    asked = dict(form.cleaned_data)
    if "closes_on" in asked:
        day = asked.pop("closes_on")
        asked["closes_at"] = timezone.make_aware(datetime.combine(day, time.min)) if day else None
    if "slug" in asked:
        asked["typed_slug"] = asked.pop("slug")
    return act.service(shop_id=shop.pk, actor_id=actor_id, now=now, **asked)


def ids_of(name: str) -> str:
    """Return the pattern of an action's field ids: several forms of a kind are on one page."""
    return f"id_{name}_%s"


def possible_acts(shop: Shop, *, failed: str = "", form: forms.Form | None = None) -> list[dict[str, Any]]:
    """Return the acts that the shop's status lets, each with its form; the one that failed keeps what was typed."""
    return [
        {"name": name, "act": act, "form": form if name == failed and form else act.form(auto_id=ids_of(name))}
        for name, act in ACTS.items()
        if act.is_possible(shop) or name == failed
    ]
