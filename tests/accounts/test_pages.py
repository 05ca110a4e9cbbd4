"""The account pages as a browser without JavaScript uses them."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Address, User
from accounts.selectors import is_email_verified
from accounts.services.signed_in import SignedIn
from kit.wiring import Follows
from notifications.models import Email
from tests.world.factories.people import PASSWORD, address_of, person
from tests.world.wiring import wired

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
SIGN_IN = "/account/sign-in/"
NEW_PASSWORD = "seven baobab umbrellas"
ADDRESS = {
    "name": "Amina Bello",
    "line1": "12 Ring Road",
    "city": "Ibadan",
    "state": "Oyo",
    "country": "NG",
    "phone": "0803 123 4567",
}


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def link_in(letter: Any) -> str:
    found = re.search(r"http://kasuwa\.localhost:8000(\S+)", letter.body)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    "path",
    ["sign-in/", "sign-up/", "password/reset/", "password/reset/sent/", "password/reset/done/", "inactive/"],
)
def test_pages_for_visitors_are_shown(client: Client, path: str) -> None:
    page = client.get(f"/account/{path}")
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count("<h1") == 1
    assert " style=" not in html
    assert "<script>" not in html


@pytest.mark.parametrize("path", ["profile/", "addresses/", "addresses/add/", "password/change/", "sign-out/"])
def test_pages_for_people_are_shown(client: Client, path: str) -> None:
    client.force_login(person())
    page = client.get(f"/account/{path}")
    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


@pytest.mark.parametrize("path", ["profile/", "addresses/", "addresses/add/"])
def test_visitors_are_sent_to_sign_in_and_back(client: Client, path: str) -> None:
    answer = client.get(f"/account/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("http://kasuwa.localhost:8000/account/sign-in/?next=http")


def test_fields_have_labels_and_autocomplete(client: Client) -> None:
    html = client.get(SIGN_IN).content.decode()
    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html
    assert "placeholder" not in re.findall(r"<input[^>]*name=\"login\"[^>]*>", html)[0]
    assert 'autocomplete="new-password"' in client.get("/account/sign-up/").content.decode()


def test_signing_in_rotates_the_session(client: Client) -> None:
    person(email="amina@example.com")
    client.get("/account/addresses/")
    session = client.session
    session["guest"] = "yes"
    session.save()
    before = session.session_key
    answer = sign_in(client, "Amina@Example.com")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session.session_key != before
    assert client.session["guest"] == "yes"


def test_wrong_password_and_unknown_address_look_the_same(client: Client) -> None:
    person(email="amina@example.com")
    pages = [sign_in(client, email, "wrong").content.decode() for email in ("amina@example.com", "nobody@example.com")]
    known, unknown = (re.sub(r'value="[^"]*"', "", page) for page in pages)
    assert "The e-mail address or the password is not right." in known
    assert known == unknown
    assert "_auth_user_id" not in client.session


def test_a_closed_account_is_told_so_only_with_the_right_password(client: Client) -> None:
    person(email="gone@example.com", is_active=False)
    assert sign_in(client, "gone@example.com")["Location"] == "/account/inactive/"
    assert "not right" in sign_in(client, "gone@example.com", "wrong").content.decode()
    assert "_auth_user_id" not in client.session


def test_without_a_csrf_token_nobody_is_signed_in() -> None:
    person(email="amina@example.com")
    strict = Client(HTTP_HOST="kasuwa.localhost", enforce_csrf_checks=True)
    assert sign_in(strict, "amina@example.com").status_code == 403
    assert "_auth_user_id" not in strict.session


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/cart/", "/cart/"),
        ("http://kasuwa.localhost:8000/checkout/", "http://kasuwa.localhost:8000/checkout/"),
        (
            "http://indigo-fabrics.kasuwa.localhost:8000/dashboard/",
            "http://indigo-fabrics.kasuwa.localhost:8000/dashboard/",
        ),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("http:evil.example", "/"),
        ("http:///evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://kasuwa.localhost.evil.example:8000/", "/"),
        ("http://evilkasuwa.localhost:8000/", "/"),
        ("http://kasuwa.localhost:8000@evil.example/", "/"),
        ("http://evil@kasuwa.localhost:8000/", "/"),
        ("http://kasuwa.localhost:9999/", "/"),
        ("http://kasuwa.localhost:99999999/", "/"),
        ("ftp://kasuwa.localhost:8000/", "/"),
    ],
)
def test_signing_in_leads_to_our_hosts_only(client: Client, wanted: str, reached: str) -> None:
    person(email="amina@example.com")
    assert sign_in(client, "amina@example.com", next=wanted)["Location"] == reached


def test_sign_out_needs_a_post_and_stays_on_our_hosts(client: Client) -> None:
    client.force_login(person())
    assert client.get("/account/sign-out/").status_code == 200
    assert "_auth_user_id" in client.session
    answer = client.post("/account/sign-out/", {"next": "//evil.example/"})
    assert answer["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_signing_up_opens_the_account_when_the_letters_link_is_followed(
    client: Client, django_capture_on_commit_callbacks: OnCommit
) -> None:
    seen: list[str] = []
    form = {"name": "Amina Bello", "email": "Amina@Example.com", "password1": PASSWORD, "next": "/cart/"}
    follow = Follows(SignedIn, lambda signed_in: seen.append(signed_in.user.email))
    with wired(follows=[follow]), django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/sign-up/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/account/sign-up/sent/")
    assert "amina@example.com" in client.get(answer["Location"]).content.decode()
    assert "_auth_user_id" not in client.session
    assert not User.objects.exists()

    path = link_in(mail.outbox[0])
    assert "Amina" not in mail.outbox[0].body  # whoever signed up may not be who reads it
    assert client.get(path).status_code == 200
    assert not User.objects.exists()
    with wired(follows=[follow]):
        opened = client.post(path)
    assert (opened.status_code, opened["Location"]) == (302, "/cart/")
    user = User.objects.get()
    assert (user.email, user.name) == ("amina@example.com", "Amina Bello")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert seen == ["amina@example.com"]
    assert is_email_verified(user=user)
    assert user.check_password(PASSWORD)
    assert "This link does not work" in client.get(path).content.decode()
    assert "This link does not work" in client.post(path).content.decode()


def test_the_link_of_a_sign_up_asks_for_a_password_in_another_browser(
    client: Client, django_capture_on_commit_callbacks: OnCommit
) -> None:
    form = {"name": "Eve", "email": "amina@example.com", "password1": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/sign-up/", form)
    path, reader = link_in(mail.outbox[0]), Client(HTTP_HOST="kasuwa.localhost")
    assert reader.post(path).status_code == 422
    assert reader.post(path, {"name": "Amina", "password1": "short"}).status_code == 422
    assert not User.objects.exists()

    assert reader.post(path, {"name": "Amina", "password1": NEW_PASSWORD}).status_code == 302
    user = User.objects.get()
    assert (user.name, user.check_password(NEW_PASSWORD), user.check_password(PASSWORD)) == ("Amina", True, False)
    assert "This link does not work" in client.post(path).content.decode()
    assert "_auth_user_id" not in client.session

    first = " ".join(reader.get("/").content.decode().split())
    assert "Welcome to Kasuwa: your account is open, and you are signed in. Next, save an address" in first
    assert re.findall(r'<a class="link" href="(/account/addresses/add/|/orders/)">', first)[:2] == [
        "/account/addresses/add/", "/orders/",
    ]  # fmt: skip
    assert "Welcome to Kasuwa: your account" not in reader.get("/").content.decode()


def test_sign_up_shows_errors_beside_fields_and_writes_to_nobody(client: Client) -> None:
    page = client.post("/account/sign-up/", {"name": "A", "email": "nobody", "password1": "short"})
    html = page.content.decode()
    assert 'id="id_email_error"' in html
    assert 'id="id_password1_error"' in html
    assert 'aria-describedby="id_email' in html
    assert not Email.objects.exists()


def test_what_fails_after_a_sign_in_keeps_nobody_out(client: Client) -> None:
    def fail(_signed_in: SignedIn) -> None:
        raise RuntimeError("no Redis")

    person(email="amina@example.com")
    with wired(follows=[Follows(SignedIn, fail)]):
        assert sign_in(client, "amina@example.com").status_code == 302
    assert "_auth_user_id" in client.session


def test_resetting_a_password(client: Client, django_capture_on_commit_callbacks: OnCommit) -> None:
    person(email="amina@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        known = client.post("/account/password/reset/", {"email": "amina@example.com"})
        unknown = client.post("/account/password/reset/", {"email": "nobody@example.com"})
    assert known["Location"] == unknown["Location"] == "/account/password/reset/sent/"
    assert sorted(letter.to[0] for letter in mail.outbox) == ["amina@example.com", "nobody@example.com"]

    letter = next(letter for letter in mail.outbox if letter.to == ["amina@example.com"])
    form_page = client.get(link_in(letter))["Location"]
    assert "set-password" in form_page
    mismatch = client.post(form_page, {"password1": NEW_PASSWORD, "password2": "other"})
    assert 'id="id_password2_error"' in mismatch.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(form_page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert done["Location"] == "/account/password/reset/done/"
    assert mail.outbox[-1].subject == "Your password has been changed"
    assert "This link does not work" in client.get(link_in(letter), follow=True).content.decode()
    assert sign_in(client, "amina@example.com", NEW_PASSWORD).status_code == 302


def test_changing_a_password_ends_other_sessions(client: Client) -> None:
    user = person()
    elsewhere = Client(HTTP_HOST="kasuwa.localhost")
    for browser in (client, elsewhere):
        browser.force_login(user)
    form = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert 'id="id_oldpassword_error"' in client.post("/account/password/change/", form).content.decode()
    assert client.post("/account/password/change/", form | {"oldpassword": PASSWORD}).status_code == 302
    assert client.get("/account/profile/").status_code == 200
    assert elsewhere.get("/account/profile/").status_code == 302


def test_too_many_wrong_passwords_show_a_page(client: Client, settings: Any) -> None:
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 2
    person(email="amina@example.com")
    pages = [sign_in(client, "amina@example.com", "wrong") for _ in range(3)]
    assert pages[-1].status_code == 429
    assert pages[-1]["Retry-After"] == "900"
    assert sign_in(client, "amina@example.com").status_code == 429
    assert "_auth_user_id" not in client.session


def test_sign_ups_from_one_place_are_limited(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/h/ip"}
    for number in range(2):
        page = client.post("/account/sign-up/", {"email": f"a{number}@example.com", "password1": PASSWORD, "name": "A"})
    assert page.status_code == 429
    assert Email.objects.count() == 1


def test_the_profile_can_be_changed(client: Client) -> None:
    user = person()
    client.force_login(user)
    assert client.post("/account/profile/", {"name": "Amina B", "phone": "+234 803 123 4567"}).status_code == 302
    page = client.post("/account/profile/", {"name": "", "phone": "call me"}).content.decode()
    assert 'id="id_name_error"' in page
    assert 'id="id_phone_error"' in page
    user.refresh_from_db()
    assert (user.name, user.phone) == ("Amina B", "+2348031234567")


def test_asking_for_the_letter_again(client: Client, django_capture_on_commit_callbacks: OnCommit) -> None:
    client.force_login(person(email="amina@example.com"))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/email/resend/").status_code == 302
    assert mail.outbox[0].subject == "Please confirm your e-mail address"


def test_the_address_book_from_first_to_last(client: Client) -> None:
    user = person()
    client.force_login(user)
    added = client.post("/account/addresses/add/", ADDRESS | {"next": "/checkout/"})
    assert added["Location"] == "/checkout/"
    elsewhere = client.post("/account/addresses/add/", ADDRESS | {"line1": "2 Sea View", "next": "//evil.example/"})
    assert elsewhere["Location"] == "/account/addresses/"
    first, second = Address.objects.order_by("pk")
    assert (first.is_default, second.is_default) == (True, False)

    assert "2 Sea View" in client.get("/account/addresses/").content.decode()
    client.post(f"/account/addresses/{second.pk}/default/")
    client.post(f"/account/addresses/{second.pk}/", ADDRESS | {"line1": "3 Sea View"})
    second.refresh_from_db()
    assert (second.line1, second.is_default) == ("3 Sea View", True)
    client.post(f"/account/addresses/{second.pk}/delete/")
    assert list(Address.objects.values_list("pk", "is_default")) == [(first.pk, True)]
    bad = client.post("/account/addresses/add/", ADDRESS | {"country": "Nigeria", "phone": "x"}).content.decode()
    assert 'id="id_country_error"' in bad
    assert 'id="id_phone_error"' in bad


@pytest.mark.parametrize("action", ["", "delete/", "default/"])
def test_other_peoples_addresses_do_not_exist(client: Client, action: str) -> None:
    theirs = address_of(line1="7 Eleko Street")
    client.force_login(person())
    assert client.post(f"/account/addresses/{theirs.pk}/{action}", ADDRESS).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.city, theirs.line1 != ADDRESS["line1"], theirs.is_default) == ("Ibadan", True, False)


def test_accounts_root_leads_on(client: Client) -> None:
    assert client.get("/account/")["Location"] == SIGN_IN


def test_the_raw_admin_adds_people_in_lower_case(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@example.com", "pw"))
    form = {"email": "New@example.com", "name": "New", "usable_password": "true"}
    form |= {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/admin/accounts/user/add/", form | {"name": "---"}).status_code == 200
    assert client.post("/admin/accounts/user/add/", form).status_code == 302
    assert client.post("/admin/accounts/user/add/", form).status_code == 200, "the address is taken"
    assert list(User.objects.order_by("pk").values_list("email", flat=True)) == ["root@example.com", "new@example.com"]
