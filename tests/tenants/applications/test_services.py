"""Applying for a shop: what is kept, refused and decided, with the bank asked in the sandbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.core import mail
from django.core.files.storage import storages

from accounts.models import User
from accounts.services.people import create_user
from gateway.bank_accounts import AccountNotFoundError, BankSilentError, UnknownBankError
from kit.documents import MAX_BYTES
from kit.errors import InvalidInputError
from payouts.selectors.bank_accounts import current_bank_account, payable_bank_account
from tenants.applications.errors import (
    ApplicationClosedError,
    ApplicationIncompleteError,
    ApplicationNotWaitingError,
    DocumentRefusedError,
    MessageMissingError,
    SlugRequestedError,
    TooManyDocumentsError,
)
from tenants.applications.services.accounts import check_accounts, save_account
from tenants.applications.services.decisions import approve_application, ask_for_more, refuse_application
from tenants.applications.services.documents import MAX_DOCUMENTS
from tenants.applications.services.drafts import Business, RequestedShop, save_business, save_requested_shop
from tenants.applications.services.submission import missing_of, submit_application, withdraw_application
from tenants.errors import InvalidSlugError, ReservedSlugError, SlugTakenError
from tenants.models import (
    ApplicationDocument,
    Invitation,
    Membership,
    Shop,
    ShopApplication,
    ShopEvent,
)
from tests.world.applications import (
    BANK,
    BUSINESS,
    NUMBER,
    PDF,
    REQUESTED_SHOP,
    add_paper,
    complete,
    history,
    scan,
    started,
    submitted,
)
from tests.world.clock import NOW
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return create_user(email="sade@example.com", password=None, name="Sade Bakare", is_email_verified=True)


@pytest.fixture
def judge() -> User:
    return create_user(email="operator@kasuwa.test", password=None, name="Ngozi Operator", is_operator=True)


@pytest.mark.parametrize(
    ("slug", "error"),
    [("no", InvalidSlugError), ("two--hyphens", InvalidSlugError), ("admin", ReservedSlugError)],
)
def test_addresses_that_no_shop_may_have_are_refused_at_once(slug: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        started(slug=slug)
    assert not ShopApplication.objects.exists()


def test_an_address_is_refused_that_a_shop_has_or_another_applicant_waits_for(paystack: Any) -> None:
    open_shop("indigo-fabrics")
    with pytest.raises(SlugTakenError):
        started(slug="indigo-fabrics")
    first, second = complete(), complete(email="other@example.com")
    submit_application(application_id=first.pk, now=NOW)
    with pytest.raises(SlugRequestedError):
        started()
    with pytest.raises(SlugRequestedError):
        submit_application(application_id=second.pk, now=NOW)
    second.refresh_from_db()
    assert (second.status, history(second)) == ("draft", ["started"])


def test_a_currency_that_we_can_not_pay_out_in_is_refused(settings: LazySettings) -> None:
    settings.SHOP_CURRENCIES = ["NGN"]
    with pytest.raises(InvalidInputError):
        started(currency="GHS")


def test_a_guest_is_sent_the_way_back(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        application = started()
    [message] = mail.outbox
    assert message.to == ["sade@example.com"]
    assert f"/sell/apply/{application.pk}/?key={application.access_key}" in message.body
    assert len(application.access_key) >= 22


def test_who_has_signed_in_needs_no_key(person: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        started(applicant_id=person.pk)
    assert mail.outbox == []


def test_a_company_gives_its_number_and_its_certificate(paystack: Any) -> None:
    application = complete()
    company = BUSINESS | {"kind": "company"}
    with pytest.raises(InvalidInputError) as refused:
        save_business(application_id=application.pk, business=Business(**company), now=NOW)
    assert [fault.code for fault in refused.value.details["registration_number"]] == ["needed_when_registered"]
    company["registration_number"] = "RC 1234567"
    application = save_business(application_id=application.pk, business=Business(**company), now=NOW)
    assert missing_of(application) == {"documents": ["Add the proof of registration."]}


def test_nothing_is_sent_that_is_not_whole() -> None:
    application = started()
    with pytest.raises(ApplicationIncompleteError) as refused:
        submit_application(application_id=application.pk, now=NOW)
    assert set(refused.value.details) == {"business", "documents", "account"}
    application.refresh_from_db()
    assert (application.status, application.submitted_at) == ("draft", None)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "passport.pdf"),
        (b"MZ\x90\x00 not a paper at all", "passport.pdf"),
        (b"<html><script>alert(1)</script></html>", "passport.png"),
        (b"%PDF-1.4 cut off in the midd", "passport.pdf"),
        (b"\x89PNG\r\n\x1a\n half a picture", "passport.png"),
        (PDF[:-7] + b" " * MAX_BYTES + b"%%EOF", "passport.pdf"),
    ],
    ids=["empty", "program", "page", "cut PDF", "cut PNG", "too large"],
)
def test_nonsense_is_not_kept_whatever_it_is_called(content: bytes, name: str) -> None:
    application = started()
    with pytest.raises(DocumentRefusedError):
        add_paper(application, content, name=name)
    assert not ApplicationDocument.objects.exists()
    assert not storages["private"].exists(f"applications/{application.pk}")


def test_papers_are_kept_as_they_are_under_names_that_nobody_guesses() -> None:
    application = started()
    content = scan("JPEG")
    document = add_paper(application, content, name='../../etc/<b>pass".exe')
    assert (document.content_type, document.name) == ("image/jpeg", "bpass.jpg")
    assert storages["private"].open(document.file).read() == content
    assert "pass" not in document.file.rpartition("/")[2]


def test_there_is_room_for_ten_papers() -> None:
    application = started()
    for _ in range(MAX_DOCUMENTS):
        add_paper(application)
    with pytest.raises(TooManyDocumentsError):
        add_paper(application)
    _, files = storages["private"].listdir(f"applications/{application.pk}")
    assert len(files) == ApplicationDocument.objects.count() == MAX_DOCUMENTS


def test_the_bank_says_whose_account_it_is(paystack: Any) -> None:
    application = complete()
    assert application.account_state == "resolved"
    assert application.account_name
    assert application.bank_name == "Guaranty Trust Bank"


def test_an_account_that_the_bank_does_not_know_is_not_kept(paystack: Any) -> None:
    application = complete()
    before = ShopApplication.objects.values().get()
    for bank, number, error in (
        (BANK, "0000000404", AccountNotFoundError),
        ("999", NUMBER, UnknownBankError),
        (BANK, "12ab", InvalidInputError),
    ):
        with pytest.raises(error):
            save_account(application_id=application.pk, bank_code=bank, number=number, now=NOW + timedelta(hours=1))
    assert ShopApplication.objects.values().get() == before


@pytest.mark.parametrize("fault", [{"kind": "timeout"}, {"kind": "server_error"}, {"kind": "html"}])
def test_a_silent_bank_is_asked_again_later(paystack: Any, settings: LazySettings, fault: dict[str, Any]) -> None:
    settings.PAYSTACK_TIMEOUT_SECONDS = 0.3
    application = complete()
    paystack.add_fault(**fault, match={"path": "/bank/resolve"})
    application = save_account(application_id=application.pk, bank_code="057", number=NUMBER, now=NOW)
    assert (application.account_state, application.account_name) == ("unchecked", "")
    application = submit_application(application_id=application.pk, now=NOW)
    assert application.status == "submitted"
    assert check_accounts(now=NOW + timedelta(minutes=5)) == 0  # not so soon
    assert check_accounts(now=NOW + timedelta(minutes=11)) == 1
    application.refresh_from_db()
    assert (application.account_state, application.status) == ("resolved", "submitted")
    assert history(application) == ["started", "submitted", "account_confirmed"]


def test_without_a_list_of_banks_nothing_is_kept(paystack: Any) -> None:
    application = started()
    paystack.add_fault("server_error", times=None, match={"path": "/bank"})
    with pytest.raises(BankSilentError):
        save_account(application_id=application.pk, bank_code=BANK, number=NUMBER, now=NOW)
    application.refresh_from_db()
    assert application.account_state == "missing"


def test_another_currency_forgets_the_account(paystack: Any) -> None:
    application = complete()
    changed = save_requested_shop(
        application_id=application.pk, shop=RequestedShop(**REQUESTED_SHOP | {"currency": "GHS"}), now=NOW
    )
    assert (changed.account_state, changed.account_number) == ("missing", "")


def test_what_is_sent_can_not_be_changed_or_sent_twice(paystack: Any) -> None:
    application = submitted()
    for change in (
        lambda: submit_application(application_id=application.pk, now=NOW),
        lambda: withdraw_application(application_id=application.pk, now=NOW),
        lambda: save_business(application_id=application.pk, business=Business(**BUSINESS), now=NOW),
        lambda: save_account(application_id=application.pk, bank_code=BANK, number=NUMBER, now=NOW),
        lambda: add_paper(application),
    ):
        with pytest.raises(ApplicationClosedError):
            change()
    assert history(application) == ["started", "submitted"]


def test_withdrawing_deletes_papers_and_account(paystack: Any, django_capture_on_commit_callbacks: Any) -> None:
    application = complete()
    [document] = ApplicationDocument.objects.all()
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn = withdraw_application(application_id=application.pk, now=NOW)
    assert (withdrawn.status, withdrawn.account_number, withdrawn.bank_name) == ("withdrawn", "", "")
    assert not ApplicationDocument.objects.exists()
    assert not storages["private"].exists(document.file)


def test_approval_opens_the_shop_for_who_applied(paystack: Any, person: User, judge: User) -> None:
    application = submitted(applicant_id=person.pk)
    shop = approve_application(application_id=application.pk, actor_id=judge.pk, now=NOW)
    assert (shop.slug, shop.status, shop.city, shop.contact_email) == (
        "oshogbo-batik",
        "draft",
        "Oshogbo",
        "sade@example.com",
    )
    assert Membership.objects.get(shop=shop).user == person
    assert not Invitation.objects.exists()
    account = payable_bank_account(shop_id=shop.pk, now=NOW)
    assert account is not None
    assert (account.number, account.holder_name) == (NUMBER, application.account_name)
    assert set(ShopEvent.objects.filter(shop=shop).values_list("kind", "actor_id")) >= {("shop.provisioned", judge.pk)}
    application.refresh_from_db()
    assert (application.status, application.shop) == ("approved", shop)


def test_who_applied_without_a_proved_address_is_invited_to_it(paystack: Any, person: User, judge: User) -> None:
    application = submitted(applicant_id=person.pk, email="elsewhere@example.com")
    EmailAddress.objects.filter(user_id=person.pk).update(verified=False)
    shop = approve_application(application_id=application.pk, actor_id=judge.pk, now=NOW)
    assert not Membership.objects.exists()
    assert Invitation.objects.get(shop=shop).email == "sade@example.com"


def test_a_guest_is_invited_even_where_the_address_has_an_account(
    paystack: Any, person: User, judge: User, django_capture_on_commit_callbacks: Any
) -> None:
    application = submitted()
    with django_capture_on_commit_callbacks(execute=True):
        shop = approve_application(application_id=application.pk, actor_id=judge.pk, now=NOW)
    assert not Membership.objects.exists()
    invitation = Invitation.objects.get(shop=shop)
    assert (invitation.email, invitation.role) == ("sade@example.com", "owner")
    assert any(message.to == ["sade@example.com"] for message in mail.outbox)


def test_approval_without_a_confirmed_account_leaves_it_to_the_checklist(paystack: Any, judge: User) -> None:
    application = complete()
    paystack.add_fault("server_error", match={"path": "/bank/resolve"})
    save_account(application_id=application.pk, bank_code="057", number=NUMBER, now=NOW)
    submit_application(application_id=application.pk, now=NOW)
    shop = approve_application(application_id=application.pk, actor_id=judge.pk, now=NOW)
    assert current_bank_account(shop_id=shop.pk) is None


def test_more_is_asked_for_answered_and_then_refused(
    paystack: Any, judge: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        application = submitted()
        ask_for_more(application_id=application.pk, actor_id=judge.pk, message="The scan is blurred.", now=NOW)
        add_paper(application, scan(), name="again.png")
        submit_application(application_id=application.pk, message="Here is a better one.", now=NOW)
        refuse_application(application_id=application.pk, actor_id=judge.pk, reason="Not your name.", now=NOW)
    assert history(application) == ["started", "submitted", "more_asked", "answered", "refused"]
    bodies = [message.body for message in mail.outbox]
    assert any("The scan is blurred." in body for body in bodies)
    assert any("Not your name." in body for body in bodies)
    assert not Shop.objects.exists()
    with pytest.raises(ApplicationNotWaitingError):
        approve_application(application_id=application.pk, actor_id=judge.pk, now=NOW)


def test_whoever_decides_says_why(paystack: Any, judge: User) -> None:
    application = submitted()
    for decide in (
        lambda: ask_for_more(application_id=application.pk, actor_id=judge.pk, message=" ", now=NOW),
        lambda: refuse_application(application_id=application.pk, actor_id=judge.pk, reason="", now=NOW),
    ):
        with pytest.raises(MessageMissingError):
            decide()
    application.refresh_from_db()
    assert application.status == "submitted"


def test_an_address_that_was_taken_meanwhile_leaves_the_application_waiting(paystack: Any, judge: User) -> None:
    application = submitted()
    open_shop("oshogbo-batik")
    with pytest.raises(SlugTakenError):
        approve_application(application_id=application.pk, actor_id=judge.pk, now=NOW)
    application.refresh_from_db()
    assert (application.status, application.shop) == ("submitted", None)
    assert history(application) == ["started", "submitted"]


def test_self_service_approves_who_the_bank_knows(paystack: Any, person: User, settings: LazySettings) -> None:
    settings.SHOP_SELF_SERVICE_APPROVAL = True
    application = submitted(applicant_id=person.pk)
    assert application.status == "approved"
    event = ShopEvent.objects.get(kind="shop.provisioned")
    assert (event.actor_id, event.details["by_itself"]) == (None, True)


def test_self_service_waits_for_a_silent_bank(paystack: Any, settings: LazySettings) -> None:
    settings.SHOP_SELF_SERVICE_APPROVAL = True
    application = complete()
    paystack.add_fault("server_error", match={"path": "/bank/resolve"})
    save_account(application_id=application.pk, bank_code="057", number=NUMBER, now=NOW)
    assert submit_application(application_id=application.pk, now=NOW).status == "submitted"
    check_accounts(now=NOW + timedelta(minutes=11))
    application.refresh_from_db()
    assert application.status == "approved"
