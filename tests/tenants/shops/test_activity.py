"""Particulars of the audit trail's entries, in both languages."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from django.utils import translation

from kit.wiring import contributions
from tenants.models import ShopEvent
from tenants.shops.activity import details_of, subject_of
from tenants.shops.particulars import Particular
from tests.architecture.sources import nodes, python_files

REPLACED = {"before", "after"}


@pytest.mark.parametrize(
    ("kind", "details", "english", "french"),
    [
        ("", {}, "", ""),
        (
            "shop.status_changed",
            {"before": "live", "after": "holiday", "reason": "Planned for this day.", "returns_on": "2026-03-02"},
            "Live → On holiday; reason: Planned for this day.; back on: 2 Mar 2026",
            "Ouverte → En congés; raison : Prévu pour ce jour.; de retour le : 2 mars 2026",
        ),
        (
            "member.role_changed",
            {"before": "viewer", "after": "owner"},
            "Viewer → Owner",
            "Observateur → Propriétaire",
        ),
        ("shop.commission_changed", {"before": 800, "after": 1250}, "8 % → 12.5 %", "8 % → 12,5 %"),
        ("order.step_undone", {"before": "shipped", "after": "packed"}, "Shipped → Packed", "Expédiée → Emballée"),
        (
            "order.refunded",
            {"amount": "NGN 18,500.50", "units": 1000, "reason": "Torn"},
            "amount: ₦18,500.50; pieces: 1,000; reason: Torn",
            "montant : 18 500,50 NGN; pièces : 1 000; raison : Torn",
        ),
        ("", {"amount": "₦5,000"}, "amount: ₦5,000", "montant : 5 000 NGN"),
        (
            "bank_account.changed",
            {"usable_from": "2026-03-02T09:30:00.250+00:00", "is_first": True},
            "usable from: 2 Mar 2026, 10:30 WAT; the first account: yes",
            "utilisable à partir du : 2 mars 2026, 10:30 WAT; premier compte : oui",
        ),
        ("member.left", {"role": "manager", "erased": True}, "role: Manager; data deleted: yes", ""),
        (
            "",
            {"fields": ["name"], "hosts": ["a.example", "b.example"], "was_sent": ""},
            "hosts: a.example, b.example; was sent: –",
            "",
        ),
    ],
)
def test_details_are_words(kind: str, details: dict[str, Any], english: str, french: str) -> None:
    event = ShopEvent(kind=kind, details=details)
    assert details_of(event) == english
    if french:
        with translation.override("fr"):
            assert details_of(event).replace("\xa0", " ") == french


def test_subjects_are_words() -> None:
    profile = ShopEvent(kind="shop.profile_changed", subject="contact phone, delivery rate")
    rate = ShopEvent(kind="shop.commission_changed", subject="800 → 1250", details={"before": 800, "after": 1250})
    assert (subject_of(profile), subject_of(rate)) == ("contact phone, delivery rate", "8 % → 12.5 %")
    with translation.override("fr"):
        assert subject_of(profile) == "téléphone de contact, tarif de livraison"
        assert subject_of(ShopEvent(kind="member.left", subject="a@example.com")) == "a@example.com"


def recorded(source: str) -> set[str]:
    """Return the names of particulars that a module gives to the trail, in its own dictionaries."""
    if "record_event(" not in source:
        return set()
    given: list[ast.expr] = []
    for node in nodes(source):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "record_event":
            given += [each.value for each in node.keywords if each.arg == "details"]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "details":
            given.append(node.value)
    keys = [key for each in given if isinstance(each, ast.Dict) for key in each.keys]
    return {str(key.value) for key in keys if isinstance(key, ast.Constant)}


def test_every_particular_has_a_name_in_words() -> None:
    named = {each.name for each in contributions(Particular)}
    found = {name for path in python_files() for name in recorded(path.read_text())}
    assert len(found) > 15
    assert found - named - REPLACED == set(), "Contribute a Particular (tenants.shops.particulars)."
    assert recorded('record_event(shop_id=1, details={"colour": "red"})') == {"colour"}
