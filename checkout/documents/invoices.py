"""Invoices and credit notes as pages, laid out from what was stored when they were issued."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from catalogue.tax_classes import TaxClass
from checkout.documents.sheet import GREY, LARGE, SMALL, Block, Column, Sheet, Text
from checkout.models import DocumentKind, IssuedDocument
from checkout.pricing.shown import TAX, shown_adjustments, tax_label
from kit.money import format_minor
from kit.text.address_forms import postal_lines
from kit.text.labelled import labelled
from kit.text.languages import speaking
from kit.text.numbers import grouped
from kit.text.phones import shown_phone
from kit.web.zones import zone_of


def document_sheet(document: IssuedDocument) -> Sheet:
    """Return the pages of an invoice or a credit note, in the language in which it was issued."""
    with speaking(document.language):
        return _Paper(document).sheet()


class _Paper:
    """An invoice or a credit note."""

    def __init__(self, document: IssuedDocument) -> None:
        self.document, self.content = document, document.content
        self.is_credit = document.kind == DocumentKind.CREDIT_NOTE
        self.amounts: Mapping[str, Any] = self.content["amounts"]
        self.seller: Mapping[str, Any] = self.content["seller"]

    def sheet(self) -> Sheet:
        names = {"number": self.document.number, "shop": self.seller["name"]}
        sheet = Sheet(footer=gettext("%(number)s · Sold by %(shop)s on Kasuwa") % names)
        sheet.columns(self._seller(), self._heading(), shares=(0.55, 0.45))
        sheet.space(18)
        sheet.columns(self._buyer(), self._delivery())
        sheet.space(18)
        if self.content["lines"]:
            sheet.table(self._columns(), map(self._row, self.content["lines"]))
        sheet.sums(self._sums())
        sheet.space(10)
        if self.content["tax_rates"]:
            sheet.table(*self._tax_table())
        for words in self._notes():
            sheet.paragraph(Text(words, SMALL, ink=GREY))
        return sheet

    def _money(self, amount_minor: int) -> str:
        return format_minor(amount_minor, self.amounts["currency"])

    def _seller(self) -> Block:
        seller, address = self.seller, self.seller["address"]
        legal = [] if seller["legal_name"] in {"", seller["name"]} else [Text(seller["legal_name"])]
        numbers = [
            (gettext("Registration number: %(number)s"), seller["registration_number"]),
            (gettext("Tax number: %(number)s"), seller["tax_number"]),
        ]
        contact = [seller["email"], shown_phone(seller["phone"], address["country"])]
        return [
            Text(seller["name"], 14, is_bold=True),
            *legal,
            *map(Text, postal_lines({**_NO_ADDRESS, **address})),
            *(Text(label % {"number": number}) for label, number in numbers if number),
            *(Text(each, ink=GREY) for each in contact if each),
        ]

    def _heading(self) -> Block:
        content = self.content
        facts = [
            gettext("Issued %(date)s") % {"date": _day(date.fromisoformat(content["issued_on"]))},
            gettext("Order %(number)s") % {"number": content["part"]},
            gettext("Ordered %(date)s") % {"date": self._local_day("placed_at")},
            gettext("Paid %(date)s") % {"date": self._local_day("paid_at")},
        ]
        if self.is_credit:
            facts.insert(1, gettext("For invoice %(number)s") % {"number": content["invoice"]})
        title = gettext("Credit note") if self.is_credit else gettext("Invoice")
        return [Text(title, LARGE, is_bold=True), Text(self.document.number, 12, is_bold=True), *map(Text, facts)]

    def _local_day(self, name: str) -> str:
        """Return the day of a stored moment where the shop is."""
        zone = zone_of(country=self.seller["address"]["country"])
        return _day(datetime.fromisoformat(self.content[name]).astimezone(zone).date())

    def _buyer(self) -> Block:
        buyer = self.content["buyer"]
        number = buyer["vat_number"]
        vat = [Text(gettext("VAT number: %(number)s") % {"number": number})] if number else []
        return [Text(gettext("Bill to"), SMALL, ink=GREY), *map(Text, postal_lines(buyer["address"])), *vat]

    def _delivery(self) -> Block:
        address = self.content["delivered_to"]
        return [Text(gettext("Deliver to"), SMALL, ink=GREY), *map(Text, postal_lines(address))] if address else []

    def _columns(self) -> Sequence[Column]:
        return (
            Column(gettext("Product"), 0.38),
            Column(gettext("Quantity"), 0.09, is_number=True),
            Column(gettext("Price"), 0.16, is_number=True),
            Column("", 0.02),
            Column(gettext("Tax"), 0.16),
            Column(gettext("Amount"), 0.19, is_number=True),
        )

    def _row(self, line: Mapping[str, Any]) -> Sequence[Block]:
        options = " · ".join(labelled(name, value) for name, value in line["options"].items())
        more = [Text(each, SMALL, ink=GREY) for each in (options, line["sku"]) if each]
        discount_minor = line["discount_minor"]
        less = (
            [Text(gettext("less %(amount)s") % {"amount": self._money(discount_minor)}, SMALL, ink=GREY)]
            if discount_minor
            else []
        )
        return (
            [Text(line["title"]), *more],
            [Text(grouped(line["quantity"]))],
            [Text(self._money(line["unit_price_minor"]))],
            (),
            [Text(label) for label in self._taxes(line)],
            [Text(self._money(line["total_minor"])), *less],
        )

    def _taxes(self, line: Mapping[str, Any]) -> list[str]:
        """Return the rates of a line, else the class by which it has none."""
        if line["tax"]:
            return [tax_label(each) for each in line["tax"]]
        return [str(TaxClass(line["tax_class"]).label)] if line.get("tax_class") else ["–"]

    def _sums(self) -> Iterator[tuple[str, str, bool]]:
        amounts = self.amounts
        is_included = amounts["prices_include_tax"]
        if amounts["items_minor"]:
            yield gettext("Items"), self._money(amounts["items_minor"]), False
        rows = shown_adjustments(self.content["adjustments"], prices_include_tax=is_included)
        plain = [(each.label, each.amount_minor, each.kind == TAX) for each in rows] or self._plain_rows()
        for label, amount_minor, is_tax in plain:
            if not (is_tax and is_included):
                yield label, self._money(amount_minor), False
        if self.content["goodwill_minor"]:
            yield gettext("Goodwill"), self._money(self.content["goodwill_minor"]), False
        total = gettext("Credited") if self.is_credit else gettext("Total")
        yield total, self._money(self.content["total_minor"]), True
        for label, amount_minor, is_tax in plain:
            if is_tax and is_included:
                yield label, self._money(amount_minor), False

    def _plain_rows(self) -> list[tuple[str, int, bool]]:
        """Return the amounts by name, where their reasons are not told apart."""
        amounts = self.amounts
        tax = gettext("Tax, included") if amounts["prices_include_tax"] else gettext("Tax")
        rows = [
            (gettext("Discount"), -amounts["discount_minor"], False),
            (gettext("Delivery"), amounts["shipping_minor"], False),
            (gettext("Off the delivery"), -amounts["delivery_discount_minor"], False),
            (tax, amounts["tax_minor"], True),
        ]
        return [row for row in rows if row[1]]

    def _tax_table(self) -> tuple[Sequence[Column], list[Sequence[Block]]]:
        columns = (
            Column(gettext("Tax"), 0.5),
            Column(gettext("Price before tax"), 0.27, is_number=True),
            Column(gettext("Amount"), 0.23, is_number=True),
        )
        rows: list[Sequence[Block]] = [
            (
                [Text(tax_label(each["label"]))],
                [Text(self._money(each["base_minor"]))],
                [Text(self._money(each["tax_minor"]))],
            )
            for each in self.content["tax_rates"]
        ]
        return columns, rows

    def _notes(self) -> Iterator[str]:
        if self.is_credit and self.content["reason"]:
            yield gettext("Reason: %(reason)s") % {"reason": self.content["reason"]}
        if self.is_credit and self.content.get("is_exchanged"):
            yield gettext("The amount pays for an exchange. The rest is refunded to the buyer the way it was paid.")
        elif self.is_credit:
            yield gettext("The amount is refunded to the buyer the way it was paid.")
        elif not self.amounts["tax_minor"]:
            yield gettext("No tax is charged on this sale.")
        elif self.amounts["prices_include_tax"]:
            yield gettext("Prices include the tax.")
        if not self.is_credit:
            yield gettext("Paid in full on Kasuwa.")


_NO_ADDRESS = dict.fromkeys(("name", "line1", "line2", "city", "state", "postcode", "country"), "")


def _day(day: date) -> str:
    return date_format(day, "j F Y")
