"""Letters and messages are written in the language of their reader, whoever causes them, wherever they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override

from accounts.models import User
from checkout.ending.end_orders import cancel_order
from checkout.models import Order
from kit.work import outbox
from notifications.models import Email, Notification
from tenants.life.closing import schedule_closure
from tenants.models import Role
from tenants.staff.members import add_member
from tests.architecture.sources import ROOT
from tests.texts.extract import product_files, template_messages
from tests.world.factories.people import person
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.own_shop import member

pytestmark = pytest.mark.django_db
GUEST = "guest@example.com"
LETTERS = sorted(path for path in product_files() if "email" in path.parts and path.stem != "base")
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|<[^>]*>")


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_850_050)


def cancelled(cloth: Stocked, user: User | None = None) -> Order:
    """Place an order and cancel it; the letter is written later, by a worker that speaks English."""
    request = order_request(email=user.email if user else GUEST, user_id=user.pk if user else None)
    order = buy(cloth.line(2), request=request, now=timezone.now())
    cancel_order(order_id=order.pk, now=timezone.now())
    return order


def test_a_guest_is_written_to_in_the_language_in_which_they_ordered(cloth: Stocked) -> None:
    with override("fr"):
        order = cancelled(cloth)
    outbox.relay(now=timezone.now())
    letter = Email.objects.get(to=GUEST)
    assert letter.subject == f"La commande {order.number} est annulée"
    assert "Bonjour" in letter.text
    assert '<html lang="fr">' in letter.html


def test_an_order_of_an_earlier_release_is_told_of_in_english(cloth: Stocked) -> None:
    order = cancelled(cloth)
    Order.objects.update(language="")
    outbox.relay(now=timezone.now())
    assert Email.objects.get(to=GUEST).subject == f"Order {order.number} is cancelled"


def test_the_language_of_the_account_comes_before_that_of_the_order(cloth: Stocked, buyer: User) -> None:
    order = cancelled(cloth, buyer)
    User.objects.filter(pk=buyer.pk).update(language="fr")
    with override("en-gb"):
        outbox.relay(now=timezone.now())
    assert Email.objects.get(to=buyer.email).subject == f"La commande {order.number} est annulée"
    message = Notification.objects.get(user=buyer)
    assert message.title == f"La commande {order.number} est annulée"
    assert "Vous avez annulé" in message.body


def test_each_owner_is_written_to_in_their_own_language() -> None:
    shop = open_shop("cloth-hall")
    first = member(shop, Role.OWNER)
    second = person(email="bola@example.com", name="Bola Ade")
    add_member(shop_id=shop.pk, user_id=second.pk, role=Role.OWNER, now=timezone.now())
    User.objects.filter(pk=first.pk).update(language="fr")
    with override("fr"):
        closes_at = timezone.now() + timedelta(days=30)
        schedule_closure(shop_id=shop.pk, closes_at=closes_at, actor_id=second.pk, reason="", now=timezone.now())
        outbox.relay(now=timezone.now())
    subjects = dict(Email.objects.filter(to__in=[first.email, second.email]).values_list("to", "subject"))
    assert "fermera le" in subjects[first.email]
    assert "will close on" in subjects[second.email]
    titles = dict(Notification.objects.values_list("user_id", "title"))
    assert (titles[first.pk], titles[second.pk]) == (subjects[first.email], subjects[second.email])


def test_a_reset_that_somebody_asks_for_is_in_the_language_of_the_account(client: Client, buyer: User) -> None:
    User.objects.filter(pk=buyer.pk).update(language="fr")
    client.post("/account/password/reset/", {"email": buyer.email}, headers={"accept-language": "en"})
    assert Email.objects.get(to=buyer.email).subject == "Choisir un nouveau mot de passe"
    client.post("/account/password/reset/", {"email": "nobody@example.com"}, headers={"accept-language": "fr"})
    assert Email.objects.get(to="nobody@example.com").subject == "Il n’existe aucun compte à cette adresse"


class Sample:
    """Stands for everything that a letter may name: an object, a list of one, a number, a word."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith(("_at", "_from")):
            return timezone.now()
        if name == "adjustments":
            return [{"kind": "delivery", "label": "Delivery", "amount_minor": 150_000}]
        if name == "chosen_delivery":
            return {"name": "Delivery"}
        return "Sold out before the payment arrived." if name in {"label", "reason"} else Sample()

    def __getitem__(self, key: object) -> Any:
        return getattr(self, str(key))

    def __iter__(self) -> Iterator[Any]:
        return iter([self])

    def __len__(self) -> int:
        return 1

    def __int__(self) -> int:
        return 123_456

    def __str__(self) -> str:
        return "Sample"


NAMED = [
    "order",
    "part",
    "parts",
    "lost",
    "shop",
    "application",
    "account",
    "refunds",
    "invitation",
    "lines",
    "paragraphs",
    "units",
    "number",
    "amount",
    "name",
    "to",
    "link",
    "title",
    "text",
    "reason",
    "body",
    "action",
    "message",
    "role",
    "summary",
    "inviter",
    "shop_name",
    "platform_name",
    "platform_url",
    "expires_at",
    "reset_link",
    "sign_up_link",
    "lost_minor",
]


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.name)
def test_no_letter_is_half_english(path: Any) -> None:
    source = path.read_text(encoding="utf-8")
    context = dict.fromkeys(NAMED, Sample()) | {"units": 2, "lost_minor": 100, "expires_at": timezone.now()}
    with override("fr"):
        letter = unescape(render_to_string(str(path).split("/templates/", 1)[1], context))
        left = [
            piece
            for message in template_messages(source)
            for piece in PLACEHOLDERS.split(message.text)
            if len(piece.split()) > 1 and gettext(message.text) != message.text and piece.strip() in letter
        ]
    assert left == [], path.relative_to(ROOT)
    assert "Hello" not in letter
    assert "You get this e-mail" not in letter
