"""Sample data for the style guide page (local settings only)."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kit.text.forms import EmailField, LineField

ARTS = ["basket", "search", "parcel", "shelf", "inbox", "coins", "shop", "bell", "map", "storm", "lock", "heart"]
STATUSES = [
    "pending",
    "paid",
    "new",
    "packed",
    "shipped",
    "delivered",
    "cancelled",
    "expired",
    "failed",
    "suspended",
    "active",
    "draft",
]
SALES = [120, 180, 160, 210, 260, 240, 300, 280, 350, 330, 410, 380, 460, 520]


class GuideForm(forms.Form):
    """One field of each kind."""

    email = EmailField(label="E-mail")
    name = LineField(label="Full name", help_text="As on the parcel")
    phone = LineField()
    line1 = LineField(label="Address")
    line2 = LineField(label="Flat, floor, landmark", required=False)
    city = LineField()
    state = forms.ChoiceField(choices=[("lagos", "Lagos"), ("oyo", "Oyo"), ("kano", "Kano")])
    postcode = LineField(required=False)
    country = forms.ChoiceField(choices=[("NG", "Nigeria"), ("GH", "Ghana")])
    speed = forms.ChoiceField(
        label="Delivery", widget=forms.RadioSelect, choices=[("std", "Standard, ₦1,500"), ("fast", "Next day, ₦3,000")]
    )
    notices = forms.BooleanField(label="Tell me when this shop adds products", required=False)


def _icons() -> list[str]:
    sprite = settings.CONFIG_DIR / "static" / "icons" / "icons.svg"
    return re.findall(r'<symbol id="([a-z-]+)"', sprite.read_text(encoding="utf-8"))


def _products() -> list[dict[str, Any]]:
    rows = [
        ("Hand-woven aso-oke tote", 1_850_000, 2_400_000, "Indigo Fabrics", 4.8, 212, False),
        ("Rechargeable standing fan, 16 inch", 4_290_000, None, "Kano Electric", 4.5, 88, False),
        ("Leather brogue, tan", 3_500_000, 4_100_000, "Aba Shoemakers", 4.7, 340, True),
        ("Shea body butter, 250 ml", 620_000, None, "Tamale Naturals", None, 0, False),
    ]
    keys = ("title", "price", "was", "shop", "rating", "reviews", "sold_out")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _search() -> dict[str, Any]:
    return {
        "chips": [{"label": "Fashion", "url": "?"}, {"label": "Under ₦50,000", "url": "?"}],
        "facets": [
            {
                "value": "fashion",
                "label": "Fashion",
                "count": "41,200",
                "count_label": "41,200 products",
                "checked": True,
            },
            {"value": "home", "label": "Home", "count": "9,120", "count_label": "9,120 products", "checked": False},
        ],
        "prices": [
            {"value": "1", "label": "Under ₦10,000", "count": 42, "count_label": "42 products", "checked": False},
            {"value": "2", "label": "₦10,000–₦50,000", "count": 17, "count_label": "17 products", "checked": True},
        ],
        "sorts": [
            {"value": "new", "label": "Newest", "selected": True},
            {"value": "price", "label": "Price", "selected": False},
        ],
        "variants": [
            {"value": "1", "label": "Indigo", "available": True, "checked": True},
            {"value": "2", "label": "Tan", "hint": "2 left", "available": True},
            {"value": "3", "label": "Olive", "available": False},
        ],
    }


def _work() -> dict[str, Any]:
    orders = [
        ("KS-7F3K9QXD2M", "Chidinma O.", 4_720_000, "paid", "Paid"),
        ("KS-2M8RT4WZ6C", "Tunde A.", 1_850_000, "new", "To pack"),
        ("KS-9XN5BH3V7K", "Kofi B.", 2_750_050, "refunded", "Refunded"),
    ]
    keys = ("number", "customer", "total", "status", "label")
    return {
        "points": [{"label": f"{day} Nov", "value": sale} for day, sale in enumerate(SALES, 1)],
        "orders": [dict(zip(keys, order, strict=True)) for order in orders],
        "tabs": [
            {"label": "To pack", "url": "?state=new", "count": 7, "current": True},
            {"label": "Shipped", "url": "?state=shipped", "count": 12},
            {"label": "All", "url": "?"},
        ],
        "checklist": [
            {"label": "Add your first product", "done": True},
            {"label": "Connect your bank account", "done": True},
            {"label": "Write a returns policy", "done": False, "url": "/"},
        ],
        "diff": [
            {"field": "Price", "before": "₦24,000", "after": "₦18,500"},
            {"field": "Title", "before": None, "after": "Tote"},
        ],
        "payload": json.dumps({"event": "charge_succeeded", "data": {"amount": 4_300_000, "currency": "NGN"}}),
    }


def _journey() -> dict[str, Any]:
    at = datetime(2025, 11, 12, 8, 30, tzinfo=UTC)
    return {
        "steps": [
            {"label": "Basket", "state": "done", "url": "/"},
            {"label": "Delivery", "state": "current"},
            {"label": "Payment", "state": "todo"},
        ],
        "events": [
            {"title": "Paid", "at": at, "state": "done"},
            {"title": "Packed by Indigo Fabrics", "at": at, "note": "2 of 3 items", "state": "current"},
            {"title": "Delivered", "state": "todo"},
        ],
        "shops": [
            {"name": "Indigo Fabrics", "text": "Hand-dyed cloth from Abẹ́òkúta"},
            {"name": "Copper Kitchen", "text": "Pots that outlive their cooks"},
            {"name": "Kano Electric", "text": "Light and air when the grid sleeps"},
        ],
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """Render every component once."""
    guide = {
        "crumbs": [{"label": "Home", "url": "/"}, {"label": "Style guide"}],
        "form": GuideForm({"email": "not an address", "state": "lagos", "country": "NG"}),
        "arts": ARTS,
        "statuses": STATUSES,
        "icons": _icons(),
        "products": _products(),
        **_search(),
        **_work(),
        **_journey(),
    }
    return render(request, "styleguide.html", {"guide": guide, "cart_count": 2})
