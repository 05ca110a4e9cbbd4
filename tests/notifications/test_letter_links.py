"""Every link of every letter opens the page that it promises, in a browser that has never been here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.ending.end_orders import cancel_order
from checkout.models import Order, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from kit.web.hosts import platform_url
from kit.work import outbox
from notifications.models import Email, Notification
from notifications.services import emails
from payouts.models import Payout, PayoutRun
from payouts.runs.letters import tell_payout_moved
from payouts.services.bank_accounts import change_bank_account
from payouts.watch.letters import tell_findings
from paystack_sandbox.testing import SandboxProcess
from tenants.applications.services import decisions
from tenants.archives import jobs
from tenants.hosts.domain_notices import DomainNotice, tell_owners
from tenants.life import closing
from tenants.life import transitions as lifecycle
from tenants.life.provisioning import provision_shop
from tenants.models import Role, Shop, ShopStatus
from tenants.shops.selectors import members_of
from tenants.staff import members
from tenants.staff.invitations import invite_member
from tests.world.applications import BANK, complete, submitted
from tests.world.disputes import Bank, follow
from tests.world.factories.people import person
from tests.world.findings import finding
from tests.world.letter_reader import FreshBrowser, letter_kinds, links_in, reader_of
from tests.world.market import Stocked, buy, order_request, stock
from tests.world.own_shop import page_client
from tests.world.payments import pay
from tests.world.payouts import add_account
from vendors.services import setup

pytestmark = pytest.mark.django_db
GUEST = "guest@example.com"
OWNER = "owner@example.com"
# For each kind of letter: the path that its links lead to, and words of that page. `home` is the market's front.
PAGES = {
    "account_exists": (r"/account/password/reset/|/", ""),
    "account_password_changed": (r"/account/password/reset/", "password"),
    "account_reset_password": (r"/account/password/reset/[^/]+/", "new password"),
    "account_unknown": (r"/account/sign-up/", "Create"),
    "account_verify_email": (r"/account/email/confirm/.+/", "address"),
    "account_welcome": (r"/account/sign-up/finish/.+/", "password"),
    "application_approved": (r"/dashboard/setup/|/sell/apply/.+", "Oshogbo Batik"),
    "application_approved_invitation": (r"/invitations/[\w-]+/|/sell/apply/.+", "Oshogbo Batik"),
    "application_more_needed": (r"/sell/apply/.+", "Oshogbo Batik"),
    "application_received": (r"/sell/apply/.+", "Oshogbo Batik"),
    "application_refused": (r"/sell/apply/.+", "Oshogbo Batik"),
    "application_started": (r"/sell/apply/.+", "Oshogbo Batik"),
    "bank_account_changed": (r"/dashboard/settings/bank-account/", "Bank account"),
    "domain_notice": (r"/dashboard/settings/domains/", "Domains"),
    "new_order": (r"/dashboard/orders/KS-[0-9A-Z]+-\d/", "KS-"),
    "shop_notice": (r"/dashboard/orders/KS-[0-9A-Z]+-\d/|/dashboard/disputes/[^/]+/", "KS-"),
    "watch_findings": (r"/operator/checks/(findings/.+/)?", "check"),
    "units_cancelled": (r"/dashboard/orders/KS-[0-9A-Z]+-\d/", "KS-"),
    "order_notice": (r"/orders/KS-[0-9A-Z]+/|/shops/cloth-hall/", "Cloth Hall"),
    "order_messages": (r"/orders/KS-[0-9A-Z]+/messages/|/dashboard/orders/KS-[0-9A-Z]+-\d/messages/", "Messages"),
    "operator_notice": (r"/operator/disputes/[^/]+/", "KS-"),
    "order_paid": (r"/orders/KS-[0-9A-Z]+/", "Order KS-"),
    "payout_failed": (r"/dashboard/payouts/", "Payouts"),
    "payout_paid": (r"/dashboard/payouts/", "Payouts"),
    "payment_returning": (r"/orders/KS-[0-9A-Z]+/", "Order KS-"),
    "shop_export_ready": (r"/dashboard/settings/export/", "Download"),
    "shop_invitation": (r"/invitations/[\w-]+/", "Invit"),
    "shop_live": (r"/shops/cloth-hall/", "Cloth Hall"),
    "shop_member_removed": (r"", ""),
    "shop_role_changed": (r"/dashboard/", "Cloth Hall"),
    "shop_status": (r"/dashboard/settings/status/", "Cloth Hall"),
}
WITHOUT_LINK = {"shop_member_removed"}
DECLINED = {"domain_notice", "shop_export_ready", "shop_live"}  # each has a link that stops its kind, and no other has


@pytest.fixture
def owner(make_user: Callable[..., User]) -> User:
    return make_user(OWNER, name="Owner")


@pytest.fixture
def shop(owner: User) -> Shop:
    return provision_shop(
        slug="cloth-hall",
        name="Cloth Hall",
        owner_id=owner.pk,
        now=timezone.now(),
        currency="NGN",
        status=ShopStatus.LIVE,
    )


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The kind of each letter that is written from now on, by its text."""
    kinds: dict[str, str] = {}

    def render(name: str, facts: dict[str, Any]) -> str:
        text = render_to_string(name, facts)
        if name.endswith(".txt") and not name.endswith(".subject.txt"):
            kinds[text.strip() + "\n"] = name.rpartition("/")[2].removesuffix(".txt")
        return text

    monkeypatch.setattr(emails, "render_to_string", render)
    return kinds


@pytest.fixture
def open_all(rendered: dict[str, str]) -> Callable[..., None]:
    """Open every link of every letter and every message on the site, and check that certain kinds were among them."""

    def open_everything(*expected: str) -> None:
        outbox.relay(now=timezone.now())
        seen = set()
        for letter in Email.objects.order_by("id"):
            kind = rendered[letter.text]
            seen.add(kind)
            _open_links(letter, kind)
        assert set(expected) <= seen
        for message in Notification.objects.exclude(url="").select_related("user"):
            address = message.url if "://" in message.url else platform_url(message.url)
            page = FreshBrowser(message.user.email).open(address)
            assert page.status == 200, (message.kind, message.url, page.path)
            assert page.path == re.sub(r"[?#].*", "", re.sub(r"https?://[^/]+", "", message.url)), message.kind

    return open_everything


def _open_links(letter: Email, kind: str) -> None:
    """Open a letter's links as its reader: a guest, or somebody who signs in on the way."""
    path, words = PAGES[kind]
    home = platform_url()
    links = [link for link in links_in(letter.text, letter.html) if link.rstrip("/") != home.rstrip("/")]
    assert links_in(letter.text) == links_in(letter.html), f"{kind}: its two parts name different addresses."
    assert bool(links) == (kind not in WITHOUT_LINK), kind
    assert any("/unsubscribe/" in link for link in links) == (kind in DECLINED), kind
    for link in links:
        page = FreshBrowser(reader_of(letter.to)).open(link)
        assert page.status == 200, (kind, link, page)
        if page.path.startswith("/notifications/unsubscribe/"):
            assert ("Stop these e-mails?" in page.text, page.has_signed_in) == (True, False), kind
            continue
        assert re.fullmatch(path, page.path), (kind, link, page.path)
        assert words.lower() in page.text.lower(), (kind, link, page.text[:300])
    assert FreshBrowser().open(home).status == 200


def bought(cloth: Stocked, user: User | None) -> Order:
    request = order_request(email=user.email if user else GUEST, user_id=user.pk if user else None)
    return buy(cloth.line(2), request=request, now=timezone.now())


def test_every_kind_of_letter_has_its_page() -> None:
    assert letter_kinds() == set(PAGES)


@pytest.mark.parametrize("has_account", [False, True], ids=["guest", "account"])
def test_letters_about_an_order(
    shop: Shop, buyer: User, paystack: SandboxProcess, has_account: bool, open_all: Callable[..., None]
) -> None:
    user = buyer if has_account else None
    cloth = stock(shop)
    order = bought(cloth, user)
    payment = start_payment(order_id=order.pk, now=timezone.now())
    paystack.add_fault("wrong_amount", by=1_000_000)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    desk = page_client(shop, User.objects.get(email=OWNER))
    part = SubOrder.objects.get(order=order)
    by_buyer = Actor(ReversedBy.BUYER, user.pk if user else None)
    cancel_units(Cancellation(order.pk, {part.pk: {cloth.variant_id: 1}}, by_buyer), now=timezone.now())
    wish = PartRefund(part=part, by=Actor(ReversedBy.OPERATOR), reason="It came late", goodwill_minor=100)
    refund_part(wish, now=timezone.now())
    for step in ("pack", "ship", "deliver"):
        desk.post(f"/dashboard/orders/{part.number}/{step}/", {"carrier": "GIG", "tracking_number": "1"})
    cancel_order(order_id=bought(cloth, user).pk, now=timezone.now())
    open_all("order_paid", "order_notice", "payment_returning", "new_order", "units_cancelled", "shop_notice")


def test_letters_about_a_dispute(
    shop: Shop, operator: User, paystack: SandboxProcess, open_all: Callable[..., None]
) -> None:
    payment = start_payment(order_id=bought(stock(shop), None).pk, now=timezone.now())
    pay(paystack, payment)
    follow(Bank(paystack).dispute(payment), now=timezone.now())
    open_all("shop_notice", "operator_notice")


def test_a_guest_s_letter_opens_the_order_for_whoever_is_signed_in(
    shop: Shop, buyer: User, open_all: Callable[..., None]
) -> None:
    """Somebody who has an account too ordered without signing in, and reads the letter in a browser that knows them."""
    order = bought(stock(shop), None)
    cancel_order(order_id=order.pk, now=timezone.now())
    outbox.relay(now=timezone.now())
    [letter] = Email.objects.filter(to=GUEST)
    [link] = [link for link in links_in(letter.text) if "/orders/" in link]
    browser = FreshBrowser(buyer.email)
    assert browser.open(platform_url("/account/sign-in/")).has_signed_in
    page = browser.open(link)
    assert (page.status, page.path) == (200, f"/orders/{order.number}/")
    assert browser.open(platform_url(page.path)).status == 200  # remembered, without the key in the address
    assert FreshBrowser().open(link.replace(order.access_key, "wrong")).path != page.path


def test_letters_about_an_account(client: Client, buyer: User, open_all: Callable[..., None]) -> None:
    new = {"name": "Ngozi", "email": "new@example.com", "password1": "a-long-pass-7"}
    assert client.post("/account/sign-up/", new).status_code == 302
    other = Client(HTTP_HOST=settings.BASE_DOMAIN)
    other.post("/account/password/reset/", {"email": buyer.email})
    other.post("/account/password/reset/", {"email": "nobody@example.com"})
    assert other.post("/account/sign-up/", {**new, "email": buyer.email}).status_code == 302
    waiting = person(email="waiting@example.com")
    other.force_login(waiting)
    other.post("/account/email/resend/")
    adapter = get_adapter()
    adapter.send_mail("account/email/password_changed", buyer.email, {"user": buyer})
    open_all(*(kind for kind in PAGES if kind.startswith("account_")))


@pytest.mark.parametrize("has_account", [False, True], ids=["guest", "account"])
def test_letters_about_an_application(
    make_user: Callable[..., User],
    operator: User,
    paystack: SandboxProcess,
    has_account: bool,
    open_all: Callable[..., None],
) -> None:
    applicant_id = make_user("sade@example.com").pk if has_account else None
    now = timezone.now()
    first = submitted(applicant_id=applicant_id)
    decisions.ask_for_more(application_id=first.pk, actor_id=operator.pk, message="A clearer scan.", now=now)
    second = submitted(applicant_id=applicant_id, slug="batik-two")
    decisions.refuse_application(application_id=second.pk, actor_id=operator.pk, reason="A closed trade.", now=now)
    third = submitted(applicant_id=applicant_id, slug="batik-three")
    decisions.approve_application(application_id=third.pk, actor_id=operator.pk, now=now)
    complete(applicant_id=applicant_id, slug="batik-four")
    open_all("application_more_needed", "application_refused", "application_received")


def test_letters_about_a_shop(
    shop: Shop,
    owner: User,
    make_user: Callable[..., User],
    paystack: SandboxProcess,
    open_all: Callable[..., None],
) -> None:
    now = timezone.now()
    for number in ("0123456789", "0123456780"):
        change_bank_account(shop_id=shop.pk, bank_code=BANK, number=number, actor_id=owner.pk, now=now)
    for notice in DomainNotice:
        tell_owners(shop=shop, notice=notice, host="cloth.example", now=now)
    colleague, gone = make_user("colleague@example.com"), make_user("gone@example.com")
    for one in (colleague, gone):
        members.add_member(shop_id=shop.pk, user_id=one.pk, role=Role.FULFILMENT, now=now)
    by_user = {member.user_id: member.pk for member in members_of(shop_id=shop.pk)}
    members.change_role(shop_id=shop.pk, member_id=by_user[colleague.pk], role=Role.MANAGER, actor_id=owner.pk, now=now)
    members.remove_member(shop_id=shop.pk, member_id=by_user[gone.pk], actor_id=owner.pk, now=now)
    for email in ("stranger@example.com", gone.email):
        invite_member(shop_id=shop.pk, email=email, role=Role.VIEWER, invited_by_id=owner.pk, now=now)
    lifecycle.suspend_shop(shop_id=shop.pk, actor_id=None, reason="A look.", now=now)
    lifecycle.restore_shop(shop_id=shop.pk, actor_id=None, reason="Fine.", now=now)
    closing.schedule_closure(shop_id=shop.pk, closes_at=now + timedelta(days=9), actor_id=owner.pk, reason="", now=now)
    closing.cancel_closing(shop_id=shop.pk, actor_id=owner.pk, now=now)
    open_all(
        "bank_account_changed",
        "domain_notice",
        "shop_role_changed",
        "shop_member_removed",
        "shop_invitation",
        "shop_status",
    )


def test_letters_about_payouts(shop: Shop, owner: User, open_all: Callable[..., None]) -> None:
    now = timezone.now()
    account = add_account(shop)
    run = PayoutRun(provider="paystack", currency="NGN", status="sending", created_at=now)
    for status in ("paid", "failed", "cancelled"):
        payout = Payout(
            run=run, shop=shop, currency="NGN", amount_minor=1_000, bank_account=account, note="No such account"
        )
        payout.status = status
        tell_payout_moved(payout, now=now)
    open_all("payout_paid", "payout_failed")


def test_letters_about_findings(make_user: Callable[..., User], open_all: Callable[..., None]) -> None:
    now = timezone.now()
    make_user("operator@example.com", name="Operator", is_operator=True)
    finding(now=now)
    tell_findings(round_id="first", gone_before=now - timedelta(hours=1), now=now)
    open_all("watch_findings")


def test_letters_of_a_shop_that_opens_and_of_one_that_closes(
    shop: Shop, owner: User, monkeypatch: pytest.MonkeyPatch, open_all: Callable[..., None]
) -> None:
    now = timezone.now()
    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.DRAFT)
    monkeypatch.setattr(setup, "missing_steps", lambda **_: {})
    setup.go_live(shop_id=shop.pk, actor_id=owner.pk, now=now)
    open_all("shop_live")
    Email.objects.all().delete()
    Notification.objects.all().delete()
    closing.start_closing(shop_id=shop.pk, actor_id=owner.pk, reason="Moving on.", now=now)
    closing.finish_closing(shop_id=shop.pk, now=now + timedelta(days=1))
    open_all("shop_status")


def test_the_letter_about_an_export(
    shop: Shop, owner: User, monkeypatch: pytest.MonkeyPatch, open_all: Callable[..., None]
) -> None:
    def pack(*, to: Path, **_: Any) -> SimpleNamespace:
        to.write_bytes(b"a shop")
        return SimpleNamespace(path=to, size=6)

    monkeypatch.setattr(jobs, "export_shop", pack)  # whose snapshot needs a transaction of its own
    export = jobs.request_export(shop_id=shop.pk, actor_id=owner.pk, now=timezone.now())
    assert jobs.make_export(export_id=export.pk, now=timezone.now())
    open_all("shop_export_ready")
