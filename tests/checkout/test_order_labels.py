"""Labels of orders in lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model
from django.utils.translation import override, trans_real

from checkout.models import Order, OrderStatus


@pytest.mark.parametrize("is_control", [False, True], ids=["of orders", "the control"])
def test_a_row_of_a_list_looks_up_one_label(is_control: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    look_up = trans_real.DjangoTranslation.gettext
    field = Order._meta.get_field("status")
    of_django: Any = vars(Model)["_get_FIELD_display"]
    label_of: Any = (lambda order: of_django(order, field)) if is_control else Order.get_status_display

    def gettext(catalogue: Any, text: str) -> Any:
        asked.append(text)
        return look_up(catalogue, text)

    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", gettext)
    with override("fr"):
        label = label_of(Order(status=OrderStatus.PAID))
    assert label == "Payée"
    assert (asked == ["Paid"]) is not is_control
