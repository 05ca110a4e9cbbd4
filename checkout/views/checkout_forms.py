"""The forms of the checkout page."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache

from django.http import HttpRequest, QueryDict

from accounts.errors import TooManyAddressesError
from accounts.selectors import addresses_of
from accounts.services.addresses import AddressInput, add_address
from checkout.cart.destination import destination_of
from checkout.forms import TEXT_FIELDS, AddressForm, BillingForm, BookForm, CheckoutForm, DeliveryForm
from checkout.placing.request import ADDRESS_FIELDS, Address, Buyer, OrderRequest
from checkout.placing.saved_addresses import SavedAddress, read_book
from checkout.pricing.choices import NO_CHOICES, Choices
from checkout.pricing.delivery.places import Destination
from checkout.pricing.tax.numbers import cleaned_number
from kit.text.characters import TextError

METHOD = "delivery-"  # of a shop's methods, before the shop's slug


@dataclass(slots=True)
class Forms:
    """The forms of the page, in the order in which they stand on it."""

    checkout: CheckoutForm
    delivery: DeliveryForm
    shipping: AddressForm
    billing: AddressForm
    bill: BillingForm
    choices: Choices = NO_CHOICES

    def is_valid(self) -> bool:
        """Validate all that count, so that every error shows at once; the first one that is refused has the focus."""
        judged: list[CheckoutForm | BookForm | AddressForm] = [self.checkout, self.delivery]
        for form in (*judged, self.bill):
            form.full_clean()
        if self.delivery.is_new:
            judged.append(self.shipping)
        else:
            self.shipping = self.shipping.unjudged()
        judged.append(self.bill)
        if self.bill.is_new:
            judged.append(self.billing)
        else:
            self.billing = self.billing.unjudged()
        if all(form.is_valid() for form in judged):
            self._judge_number()
        refused = [form for form in judged if not form.is_valid()]
        for form in judged:
            form.takes_focus = form in refused[:1]
        return not refused

    def _judge_number(self) -> None:
        """Judge the number of a business by the country that it is billed in."""
        try:
            cleaned_number(self.checkout.cleaned_data["vat_number"], country=self.billing_address().country)
        except TextError as error:
            self.checkout.add_error("vat_number", str(error))

    def shipping_address(self) -> Address:
        """Return the address of the delivery."""
        return self.delivery.chosen or self.shipping.address()

    def billing_address(self) -> Address:
        """Return the address of the bill."""
        if self.bill.is_new:
            return self.billing.address()
        return self.bill.chosen or self.shipping_address()

    @property
    def currency(self) -> str:
        """Return the currency of the order; empty in forms of the previous version, and where it can be none."""
        return str(self.checkout.cleaned_data.get("currency", ""))

    def order_request(self, *, scope: str, user_id: int | None) -> OrderRequest:
        """Return the buyer's request."""
        asked = self.checkout.cleaned_data
        shipping, is_same = self.shipping_address(), self.bill.is_same
        return OrderRequest(
            buyer=Buyer(email=asked["email"], user_id=user_id),
            shipping_address=shipping,
            billing_address=shipping if is_same else self.billing_address(),
            scope=scope,
            request_key=asked["request_key"],
            expected_total_minor=asked["expected_total_minor"],
            currency=asked["currency"],
            vat_number=asked["vat_number"],
            texts=self.checkout.texts,
            choices=self.choices,
        )


def fresh_forms(request: HttpRequest, *, typed: Mapping[str, str]) -> Forms:
    """Return the forms of a page that is opened, with what was typed before its reader went to sign in."""
    email = request.user.email if request.user.is_authenticated else typed.get("email", "")
    place = destination_of(request)
    known = asdict(place) if place else {}
    shipping, billing = _address_of(typed, "shipping"), _address_of(typed, "billing")
    delivery = {"address": DeliveryForm.NEW} if shipping.get("line1") else {}
    bill = {"billing_address": BillingForm.NEW} if "bills_elsewhere" in typed else {}
    book = _book_of(request)
    return Forms(
        checkout=CheckoutForm(initial={"email": email, "bills_elsewhere": "bills_elsewhere" in typed}),
        delivery=DeliveryForm(initial=delivery, read_book=book),
        shipping=AddressForm(prefix="shipping", initial={**known, **shipping}),
        billing=AddressForm(prefix="billing", section="billing", initial=billing),
        bill=BillingForm(initial=bill, read_book=book),
    )


def sent_forms(request: HttpRequest) -> Forms:
    """Return the forms as they were sent; a page of the version before names no address, and means a new one."""
    sent = request.POST.copy()
    sent.setdefault("address", DeliveryForm.NEW)
    sent.setdefault("billing_address", BillingForm.NEW if "bills_elsewhere" in sent else BillingForm.SAME)
    book = _book_of(request)
    return Forms(
        checkout=CheckoutForm(sent),
        delivery=DeliveryForm(sent, read_book=book),
        shipping=AddressForm(sent, prefix="shipping"),
        billing=AddressForm(sent, prefix="billing", section="billing"),
        bill=BillingForm(sent, read_book=book),
        choices=Choices(delivery=chosen_methods(request)),
    )


def resent_forms(request: HttpRequest, data: QueryDict) -> Forms:
    """Return the forms with what was entered, unjudged: nothing was to be ordered yet."""
    entered = {name: str(value) for name, value in data.items()}
    shown = {name: entered.get(name, "") for name in ("email", "expected_total_minor", "currency", "request_key")}
    shown["bills_elsewhere"] = entered.get("bills_elsewhere", "")
    shown |= {name: entered.get(name, "") for name in TEXT_FIELDS.values()}
    delivery = {"address": entered.get("address", DeliveryForm.NEW), "saves_address": entered.get("saves_address", "")}
    bill = {"billing_address": entered.get("billing_address", "")}
    book = _book_of(request)
    return Forms(
        checkout=CheckoutForm(initial=shown),
        delivery=DeliveryForm(initial=delivery, read_book=book),
        bill=BillingForm(initial=bill, read_book=book),
        shipping=AddressForm(data, prefix="shipping").unjudged(),
        billing=AddressForm(data, prefix="billing", section="billing").unjudged(),
    )


def chosen_methods(request: HttpRequest) -> dict[str, str]:
    """Return the delivery methods that were chosen, by the shop's slug."""
    sent = {name: str(value) for name, value in request.POST.items() if name.startswith(METHOD)}
    return {name.removeprefix(METHOD): value for name, value in sent.items() if value}


def address_of(request: HttpRequest, forms: Forms) -> Address | Destination | None:
    """Return the address that is to be quoted: the one that is chosen or entered, as far as it is known."""
    if forms.delivery.is_bound:
        if (chosen := forms.delivery.book.get(forms.delivery["address"].value() or "")) is not None:
            return chosen
        country, state, city = (str(forms.shipping[name].value() or "") for name in ("country", "state", "city"))
        return Destination(country, state, city)
    default = next(iter(forms.delivery.book.values()), None)
    return default or destination_of(request)


def save_address(forms: Forms, *, user_id: int) -> bool:
    """Put the entered address into the buyer's address book, unless it is there; return False where it has no room."""
    entered = AddressInput(**asdict(forms.shipping.address()))
    if any(_as_input(saved) == entered for saved in addresses_of(user_id=user_id)):
        return True
    try:
        add_address(user_id=user_id, data=entered)
    except TooManyAddressesError:
        return False
    return True


def _address_of(typed: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name: typed[field] for name in ADDRESS_FIELDS if (field := f"{prefix}-{name}") in typed}


def _book_of(request: HttpRequest) -> Callable[[], Mapping[str, SavedAddress]]:
    """Return a function that reads the buyer's address book once, where it is asked for."""

    @cache
    def read() -> Mapping[str, SavedAddress]:
        return read_book(user_id=request.user.pk) if request.user.is_authenticated else {}

    return read


def _as_input(saved: object) -> AddressInput:
    return AddressInput(**{field: getattr(saved, field) for field in ADDRESS_FIELDS})
