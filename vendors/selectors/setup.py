"""The checklist of a shop that is not open yet."""

from dataclasses import dataclass

from catalogue.models import ProductStatus
from catalogue.selectors.products import status_counts
from payouts.selectors.bank_accounts import current_bank_account
from tenants.models import Shop
from tenants.shops.checklist import finished_steps
from tenants.shops.setup import DELIVERY, PREVIEW


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
        Step("profile", "Say who you are", _of_profile(shop), "vendors:settings-profile"),
        Step("policies", "Write down how you deliver and take back", _of_policies(shop), "vendors:settings-policies"),
        Step(
            "delivery",
            "Decide what delivery costs",
            "" if DELIVERY in finished else "Decide what delivery costs, even if it is free.",
            "vendors:settings-delivery",
        ),
        Step(
            "bank_account",
            "Say where your money goes",
            "" if has_account else "Name a bank account; an owner of the shop can.",
            "vendors:settings-bank-account",
        ),
        Step(
            "product",
            "Put a first product on sale",
            "" if has_product else "Put at least one product on sale.",
            "vendors:products",
        ),
        Step(
            "preview",
            "Look at it as buyers will",
            "" if PREVIEW in finished else "Look at the preview, and say that it is right.",
            "vendors:setup-preview",
        ),
    ]


def missing_steps(*, shop: Shop) -> dict[str, list[str]]:
    """Return the missing facts that keep a shop from opening, by step."""
    return {step.key: [step.missing] for step in setup_steps(shop=shop) if not step.done}


def _of_profile(shop: Shop) -> str:
    lacks = []
    if not (shop.tagline or shop.description):
        lacks.append("a tagline or a description")
    if not shop.city:
        lacks.append("the town")
    if not (shop.contact_email or shop.contact_phone):
        lacks.append("an e-mail address or phone number for buyers")
    return f"Add {_listed(lacks)}." if lacks else ""


def _of_policies(shop: Shop) -> str:
    lacks = []
    if not shop.delivery_policy:
        lacks.append("how you deliver")
    if not shop.returns_policy:
        lacks.append("what happens with returns")
    return f"Say {_listed(lacks)}." if lacks else ""


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
