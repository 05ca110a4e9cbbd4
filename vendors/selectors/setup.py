"""The checklist of a shop that is not open yet."""

from dataclasses import dataclass

from django.utils.translation import gettext

from catalogue.models import ProductStatus
from catalogue.selectors.products import status_counts
from payouts.selectors.bank_accounts import current_bank_account
from tenants.models import Shop
from tenants.shops.checklist import finished_steps
from tenants.shops.checklist_steps import DELIVERY, PREVIEW


@dataclass(frozen=True, slots=True)
class Step:
    """A step before the shop can open.

    Args:
        missing: texts of the missing facts; empty where the step is done.
        route: the page where it is done.
    """

    key: str
    label: str
    missing: str
    route: str

    @property
    def done(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing


def setup_steps(*, shop: Shop) -> list[Step]:
    """Return the steps in the order in which they are best done."""
    finished = finished_steps(shop_id=shop.pk)
    has_account = current_bank_account(shop_id=shop.pk) is not None
    has_product = status_counts(shop=shop)[ProductStatus.ACTIVE] > 0
    return [
        Step("profile", gettext("Say who you are"), _of_profile(shop), "vendors:settings-profile"),
        Step(
            "policies",
            gettext("Write down how you deliver and take back"),
            _of_policies(shop),
            "vendors:settings-policies",
        ),
        Step(
            "delivery",
            gettext("Decide what delivery costs"),
            "" if DELIVERY in finished else gettext("Decide what delivery costs, even if it is free."),
            "vendors:settings-delivery",
        ),
        Step(
            "bank_account",
            gettext("Add your bank account"),
            "" if has_account else gettext("Add a bank account. Only an owner of the shop can do this."),
            "vendors:settings-bank-account",
        ),
        Step(
            "product",
            gettext("Put a first product on sale"),
            "" if has_product else gettext("Put at least one product on sale."),
            "vendors:products",
        ),
        Step(
            "preview",
            gettext("Look at it as buyers will"),
            "" if PREVIEW in finished else gettext("Look at the preview and confirm it."),
            "vendors:setup-preview",
        ),
    ]


def missing_steps(*, shop: Shop) -> dict[str, list[str]]:
    """Return the missing facts that keep a shop from opening, by step."""
    return {step.key: [step.missing] for step in setup_steps(shop=shop) if not step.done}


def _of_profile(shop: Shop) -> str:
    lacks = []
    if not (shop.tagline or shop.description):
        lacks.append(gettext("Add a tagline or a description."))
    if not shop.city:
        lacks.append(gettext("Add the town."))
    if not (shop.contact_email or shop.contact_phone):
        lacks.append(gettext("Add an e-mail address or phone number for buyers."))
    return " ".join(lacks)


def _of_policies(shop: Shop) -> str:
    lacks = []
    if not shop.delivery_policy:
        lacks.append(gettext("Say how you deliver."))
    if not shop.returns_policy:
        lacks.append(gettext("Say what happens with returns."))
    return " ".join(lacks)
