"""Every text that somebody types goes through `kit.text`: columns, forms' fields and serializers' fields."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from rest_framework import serializers

from kit.db.leased_work import LeasedWork
from kit.stored.columns import KeptAsWritten, OrderOfPairs, formed_columns
from kit.text.columns import CleanedText, LineColumn
from kit.text.pairs import PairsColumn
from kit.text.serializers import LineField, SecretField
from kit.wiring import contributions
from tests.architecture.sources import ROOT, nodes, own_apps, python_files

# Columns of text that only programs write, by what they hold.
MACHINE_WRITTEN = {
    "codes, keys, digests and tokens": """
        accounts.User.password accounts.User.time_zone accounts.User.language
        catalogue.StockImport.file catalogue.ProductImage.file catalogue.Product.slug
        checkout.Order.language tenants.ShopApplication.language fulfilment.TaxRegistration.country
        fulfilment.DeliveryMethod.from_subdivision
        checkout.IssuedDocument.language checkout.IssuedDocument.number
        checkout.Order.access_key checkout.Order.number checkout.SubOrder.number checkout.Order.currency
        checkout.SubOrder.currency checkout.Payment.currency checkout.Payment.provider
        checkout.Coupon.code checkout.Coupon.currency checkout.CouponBuyer.buyer checkout.CouponUse.buyer
        checkout.PickupCode.code checkout.ReturnPhoto.file checkout.MessagePhoto.file
        checkout.Reversal.currency checkout.CouponUse.currency checkout.Payment.reference checkout.Refund.currency
        checkout.ExchangeCredit.currency
        console.AuditEntry.action
        console.AuditEntry.request_id discovery.Category.slug discovery.Listing.currency
        discovery.Listing.image discovery.Listing.slug discovery.SearchWord.word
        fulfilment.VendorOrder.currency fulfilment.VendorOrder.number fulfilment.VendorOrderLine.image
        kit.BulkJob.kind kit.IdempotencyKey.key kit.IdempotencyKey.request_hash kit.IdempotencyKey.result
        kit.IdempotencyKey.scope kit.IdempotentCall.digest kit.IdempotentCall.request_hash
        kit.IdempotentCall.sealed_answer
        kit.OutboxMessage.topic notifications.Email.dedup_key
        notifications.Email.unsubscribe_url notifications.TextMessage.dedup_key notifications.TextMessage.time_zone
        notifications.Notification.dedup_key notifications.Notification.kind payouts.Account.code
        payouts.Account.currency payouts.BankAccount.currency payouts.Entry.currency payouts.Journal.source
        payouts.HandPayment.content_type payouts.HandPayment.currency
        payouts.Dispute.currency payouts.Dispute.order_number payouts.Dispute.provider payouts.Dispute.reference
        payouts.DisputeEvidence.content_type payouts.DisputeEvidence.file payouts.DisputeEvidence.file_name
        payouts.DisputePart.number
        payouts.HandPayment.file payouts.HandPayment.file_name payouts.UnapprovedDay.currency
        payouts.CommissionRule.currency payouts.CheckFinding.check_name payouts.CheckRun.name
        payouts.Difference.currency payouts.Difference.provider payouts.Difference.reference
        payouts.ReconciliationRun.provider
        payouts.Payout.currency payouts.PayoutRecipient.provider payouts.PayoutRun.currency
        payouts.PayoutRun.provider payouts.ReleaseHold.source payouts.ReleaseSchedule.currency
        payouts.ReleaseSchedule.number payouts.Reserve.currency payouts.Transfer.currency
        payouts.Transfer.provider payouts.Transfer.reference payouts.TransferPace.provider
        tenants.ApplicationDocument.content_type tenants.ApplicationDocument.file tenants.Domain.domain
        tenants.DomainClaim.host tenants.DomainClaim.token tenants.Invitation.token_hash tenants.Shop.banner
        tenants.Shop.currency tenants.Shop.logo tenants.Shop.primary_host tenants.Shop.schema_name
        tenants.Shop.schema_version tenants.Shop.slug tenants.Shop.status_before
        tenants.ShopApplication.access_key tenants.ShopApplication.currency tenants.ShopApplication.slug
        tenants.ShopEvent.kind tenants.ShopEvent.request_id tenants.ShopExport.file
        webhooks.InboundEvent.digest webhooks.InboundEvent.kind webhooks.InboundEvent.provider
        webhooks.InboundEvent.reference tenants.SetupStep.step kit.StoredForm.schema_name
        tenants.Shop.migrated_to""",
    "addresses at origins that the settings list, in ASCII without spaces": "checkout.Order.return_url",
    "what a provider or a bank says, bounded where it is read": """
        payouts.Difference.provider_id payouts.ReconciliationRun.problem
        checkout.Payment.channel checkout.Payment.note checkout.Payment.provider_id checkout.Refund.note
        checkout.Refund.provider_id checkout.Refund.reason payouts.BankAccount.bank_code
        payouts.BankAccount.bank_name payouts.BankAccount.holder_name payouts.BankAccount.number
        payouts.Dispute.category payouts.Dispute.claim payouts.Dispute.provider_id payouts.DisputeAnswer.note
        payouts.DisputeAnswer.provider_evidence payouts.DisputeAnswer.provider_file
        payouts.Payout.note payouts.PayoutRecipient.code payouts.PayoutRun.problem
        payouts.Transfer.message payouts.Transfer.provider_id payouts.Transfer.recipient
        checkout.Payment.payment_url""",
    "sentences of our own, letters and errors": """
        catalogue.StockImportRow.message notifications.Email.html notifications.Email.subject
        notifications.Email.text notifications.Notification.body notifications.Notification.title
        notifications.Notification.url notifications.TextMessage.text payouts.Journal.description
        payouts.CheckFinding.expected payouts.CheckFinding.found payouts.CheckFinding.subject
        payouts.CheckRun.problem payouts.WatchRound.problem
        payouts.Dispute.problem
        webhooks.InboundEvent.outcome
        tenants.MigrationFailure.reason""",
}
# Records whose texts stay as they were written; the options of some are written as pairs all the same.
RECORDS = {
    *("catalogue.StockMovement", "console.AuditEntry", "discovery.Listing", "discovery.ListingVariant"),
    "payouts.CommissionRule",
    *(
        "fulfilment.VendorOrderLine",
        "notifications.Email",
        "notifications.TextMessage",
        "tenants.ApplicationEntry",
        "tenants.ShopEvent",
    ),
}
FORM_FIELDS = {"CharField", "EmailField", "RegexField", "SlugField", "URLField", "ComboField", "GenericIPAddressField"}


def uncleaned_columns(kinds: list[type[models.Model]]) -> list[str]:
    """Return columns of text that are neither cleaned nor a choice, nor the error of work that waits."""
    return [
        f"{kind._meta.app_label}.{kind.__name__}.{field.name}"
        for kind in kinds
        for field in kind._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, CleanedText)
        and not field.choices
        and not (issubclass(kind, LeasedWork) and field.name == "last_error")  # kit.work.leased writes it
    ]


def plain_form_fields(source: str) -> list[int]:
    """Return the lines at which a module makes one of Django's own fields for text."""
    return [
        node.lineno
        for node in nodes(source)
        if isinstance(node, ast.Attribute)
        and node.attr in FORM_FIELDS
        and isinstance(node.value, ast.Name)
        and node.value.id == "forms"
    ]


def plain_serializer_fields(kind: type[serializers.Serializer[Any]]) -> list[str]:
    """Return the fields through which a serializer takes text that nobody cleans."""
    return [
        f"{kind.__name__}.{name}"
        for name, field in kind().fields.items()
        if not field.read_only
        and isinstance(field, serializers.CharField)
        and not isinstance(field, LineField | SecretField | serializers.SlugField)
    ]


def own_serializers() -> Iterator[type[serializers.Serializer[Any]]]:
    """Yield every serializer of the product that takes something in."""
    for path in python_files():
        if "serializers" in path.read_text(encoding="utf-8") and "paystack_sandbox" not in path.parts:
            importlib.import_module(module_of(path))
    waiting: list[type[Any]] = [serializers.BaseSerializer]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        is_own = kind.__module__.split(".")[0] in {label.split(".")[0] for label in own_packages()}
        if is_own and issubclass(kind, serializers.Serializer) and not kind.__name__.endswith(("Output", "Envelope")):
            yield kind


def own_packages() -> set[str]:
    return {config.name for config in apps.get_app_configs() if config.label in own_apps()} | {"config"}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts[parts[0] == "platform" :] if part != "__init__")


def test_every_column_of_text_is_cleaned_or_written_by_programs_alone() -> None:
    known = {name for names in MACHINE_WRITTEN.values() for name in names.split()}
    found = set(uncleaned_columns([kind for kind in apps.get_models() if kind._meta.app_label in own_apps()]))
    assert sorted(found - known) == [], (
        f"Use a column of kit.text.columns, or name it in MACHINE_WRITTEN of {__file__}."
    )
    assert sorted(known - found) == [], "These are not plain columns of text any more."


def test_every_cleaned_column_is_brought_into_form_or_belongs_to_a_record() -> None:
    """A new column is found by its class; whoever leaves one out says so in wiring, and here."""
    kinds = [kind for kind in apps.get_models() if kind._meta.app_label in own_apps()]
    found = {f"{kind._meta.label}.{field.name}" for kind, fields in formed_columns(kinds).items() for field in fields}
    all_of_them = {
        f"{kind._meta.label}.{field.name}"
        for kind in kinds
        for field in kind._meta.local_concrete_fields
        if isinstance(field, CleanedText | PairsColumn)
    }
    assert {name.rpartition(".")[0] for name in all_of_them - found} == RECORDS
    assert {each.model for each in contributions(KeptAsWritten)} == RECORDS
    assert "fulfilment.VendorOrderLine.options" in found
    assert {"accounts.User.name", "catalogue.Product.title", "tenants.Shop.name", "discovery.Category.name"} <= found


def test_every_pairs_column_that_is_brought_into_form_says_where_its_order_is_known_from() -> None:
    found = formed_columns(apps.get_models())
    kinds = {kind._meta.label for kind, fields in found.items() if any(isinstance(f, PairsColumn) for f in fields)}
    assert kinds == {each.model for each in contributions(OrderOfPairs)}


def test_every_field_for_text_of_a_form_is_one_of_kit_text() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        if not path.is_relative_to(ROOT / "platform/kit/text")
        for number in plain_form_fields(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "Use a field of kit.text.forms."


def test_every_field_for_text_of_a_serializer_is_one_of_kit_text() -> None:
    kinds = list(own_serializers())
    assert len(kinds) > 20
    assert sorted({name for kind in kinds for name in plain_serializer_fields(kind)}) == []


@pytest.mark.parametrize("source", ["name = forms.CharField()", "field = forms.EmailField if x else y"])
def test_a_plain_field_of_a_form_is_found(source: str) -> None:
    assert plain_form_fields(source) == [1]


def test_a_plain_field_of_a_serializer_and_a_plain_column_are_found() -> None:
    class Plain(serializers.Serializer[Any]):
        name = serializers.CharField()
        shown = serializers.CharField(read_only=True)
        cleaned = LineField()

    class Row(LeasedWork):
        name = models.CharField(max_length=5)
        kind = models.CharField(max_length=5, choices=[("a", "A")])
        note = LineColumn(max_length=5)

        class Meta:
            app_label = "kit"
            managed = False

        def __str__(self) -> str:
            return self.name

    try:
        assert plain_serializer_fields(Plain) == ["Plain.name"]
        assert uncleaned_columns([Row]) == ["kit.Row.name"]
        assert [field.name for field in formed_columns([Row])[Row]] == ["note"]
    finally:
        del apps.all_models["kit"]["row"]
        apps.clear_cache()
