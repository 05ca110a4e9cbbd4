"""A buyer's request at checkout."""

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Annotated, Any

from accounts.services.addresses import AddressInput
from checkout.pricing.choices import NO_CHOICES, Choices
from checkout.pricing.tax.numbers import cleaned_number
from kit.errors import Fault, InvalidInputError
from kit.text import rules
from kit.text.characters import TextError
from kit.text.inputs import cleaned
from kit.work import idempotency


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(AddressInput):
    """Address of delivery or billing."""

    def as_dict(self) -> dict[str, str]:
        """Return the address in the form that is stored."""
        return dict(zip(ADDRESS_FIELDS, _values(self), strict=True))


ADDRESS_FIELDS = tuple(field.name for field in fields(Address))
_values = attrgetter(*ADDRESS_FIELDS)


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer: a user with an account, or a guest with an e-mail address."""

    email: Annotated[str, rules.EMAIL]
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order to be placed.

    `scope` identifies the sender of the `request_key`; `expected_total_minor` is the total that the buyer saw;
    `currency` names the part of the basket that is ordered, and is empty for the whole of it; `return_url` is where a
    front end has its buyer return to after paying; `choices` are the buyer's beside the goods;
    `vat_number` is that of a business, in the country of the billing address; `texts` are the channels by which the
    buyer asks for messages to the phone of the delivery address; `is_cleaned` marks a request that
    `cleaned` returned.
    """

    buyer: Buyer
    shipping_address: Address
    billing_address: Address
    scope: str
    request_key: str
    expected_total_minor: int | None = None
    currency: str = ""
    return_url: str = ""
    choices: Choices = NO_CHOICES
    vat_number: str = ""
    texts: frozenset[str] = frozenset()
    is_cleaned: bool = field(default=False, compare=False)

    def cleaned(self) -> "OrderRequest":
        """Return the request with its texts cleaned for storage.

        Raises:
            InvalidInputError: a parcel or a receipt could not be delivered; `details` has the reason per field.
        """
        if self.is_cleaned:
            return self
        is_billed_there = self.billing_address is self.shipping_address
        parts: dict[str, Any] = {"is_cleaned": True}
        details: dict[str, Any] = {}
        for name in ("buyer", "shipping_address", *(() if is_billed_there else ("billing_address",))):
            try:
                parts[name] = cleaned(getattr(self, name))
            except InvalidInputError as error:
                details |= error.details if name == "buyer" else {name: error.details}
        try:
            parts["vat_number"] = cleaned_number(self.vat_number, country=self.billing_address.country)
        except TextError as error:
            details["vat_number"] = [Fault(str(error), error.code)]
        if details:
            raise InvalidInputError(details=details)
        if is_billed_there:
            parts["billing_address"] = parts["shipping_address"]
        return OrderRequest(**{**dict(zip(REQUEST_FIELDS, _given(self), strict=True)), **parts})

    @property
    def idempotency_key(self) -> idempotency.Key:
        """Return the request's key, with the hash of the fields that a repeated request must have."""
        return idempotency.Key(self.scope, self.request_key, self.fingerprint())

    def fingerprint(self) -> str:
        """Return a hash of everything but the basket that must be the same when the key comes again."""
        shipping = billing = _hashed(self.shipping_address)
        if self.billing_address is not self.shipping_address:
            billing = _hashed(self.billing_address)
        asked: dict[str, Any] = {
            "buyer": {"email": self.buyer.email, "user_id": self.buyer.user_id},
            "shipping_address": shipping,
            "billing_address": billing,
            "expected_total_minor": self.expected_total_minor,
        }
        named = {
            "currency": self.currency,
            "return_url": self.return_url,
            "vat_number": self.vat_number,
            "texts": sorted(self.texts),
            **self.choices.given(),
        }
        return idempotency.fingerprint(asked | {name: value for name, value in named.items() if value})


HASHED_FIELDS = tuple(name for name in ADDRESS_FIELDS if name != "subdivision")
_hashed_values = attrgetter(*HASHED_FIELDS)
REQUEST_FIELDS = tuple(field.name for field in fields(OrderRequest))
_given = attrgetter(*REQUEST_FIELDS)


def _hashed(address: Address) -> dict[str, str]:
    """Return an address as earlier releases hashed it; the code follows from the state's name."""
    return dict(zip(HASHED_FIELDS, _hashed_values(address), strict=True))
