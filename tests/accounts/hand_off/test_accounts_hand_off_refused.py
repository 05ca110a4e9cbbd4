"""What must not sign anybody in at a shop's own domain, nor lead anywhere else."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import redis
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.redirects import is_own_path, is_own_url
from accounts.services import hand_off
from tenants.hosts.domains import make_primary, remove_domain
from tenants.models import Role, Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.hand_off import HAND_OFF, HOST, ORIGIN, OTHER, WANTED, Browser, onward

pytestmark = pytest.mark.django_db


def refused(answer: HttpResponse) -> None:
    assert answer.status_code == 400
    assert "Please sign in again" in answer.content.decode()
    assert "kasuwa_session" not in answer.cookies or not answer.cookies["kasuwa_session"].value


def test_a_token_is_good_once(browser: Browser) -> None:
    address = browser.fetch()
    assert browser.open(address).status_code == 302
    browser.at(HOST).post("/account/sign-out/")
    refused(browser.open(address))
    assert not browser.is_in()


def test_a_token_is_good_for_a_minute(browser: Browser, redis_client: redis.Redis) -> None:
    address = browser.fetch()
    [key] = list(redis_client.scan_iter("*hand-off:*"))
    assert 0 < redis_client.ttl(key) <= hand_off.SECONDS == 60
    redis_client.pexpire(key, 0)
    refused(browser.open(address))


def test_redis_keeps_nothing_that_signs_in(browser: Browser, redis_client: redis.Redis) -> None:
    token = parse_qs(urlsplit(browser.fetch()).query)["token"][0]
    nonce = token.split(":")[0].encode()
    [key] = list(redis_client.scan_iter("*hand-off:*"))
    assert nonce not in key + redis_client.get(key)


def test_a_token_is_good_in_the_browser_that_asked(browser: Browser) -> None:
    address = browser.fetch()
    victim = Browser()
    refused(victim.open(address))
    assert not victim.is_in()
    address = browser.fetch()
    victim.leave()  # has a secret, of its own
    refused(victim.open(address))
    assert not victim.is_in()


def test_a_token_is_good_at_one_host(browser: Browser, copper: Shop, indigo: Shop) -> None:
    query = urlsplit(browser.fetch()).query
    secret = browser.at(HOST).cookies["kasuwa_hand_off"].value
    browser.at(OTHER).cookies["kasuwa_hand_off"] = secret
    refused(browser.open(f"http://{OTHER}:8000{HAND_OFF}?{query}"))
    assert not browser.is_in(OTHER)


@pytest.mark.parametrize("token", ["", "x", "x:y", "a" * 43 + ":" + "b" * 43, "\u00e4:\u00f6", "x:y\r\nA: b"])
def test_made_up_tokens_are_refused(browser: Browser, token: str) -> None:
    browser.leave()
    refused(browser.open(f"{ORIGIN}{HAND_OFF}?{urlencode({'token': token})}"))


def test_a_tampered_token_is_refused_and_the_real_one_still_works(browser: Browser) -> None:
    address = browser.fetch()
    flipped = address[:-1] + ("A" if address[-1] != "A" else "B")
    refused(browser.open(flipped))
    assert browser.open(address).status_code == 302


def test_a_password_that_changes_meanwhile_ends_the_token(browser: Browser, vendor: User) -> None:
    address = browser.fetch()
    vendor.set_password("another-secret-2")
    vendor.save()
    refused(browser.open(address))


def test_a_closed_account_does_not_arrive(browser: Browser, vendor: User) -> None:
    address = browser.fetch()
    vendor.is_active = False
    vendor.save()
    refused(browser.open(address))


def test_a_domain_that_is_gone_meanwhile_gets_nobody(browser: Browser, indigo: Shop) -> None:
    address = browser.fetch()
    claim = indigo.domain_claims.get()
    remove_domain(shop_id=indigo.pk, claim_id=claim.pk, actor_id=None, now=NOW)
    assert browser.open(address).status_code == 404
    assert browser.open(f"http://kasuwa.localhost:8000{HAND_OFF}?{_asked()}").status_code == 404


def _asked(**changes: str) -> str:
    return urlencode({"host": HOST, "state": "0" * 64, "path": "/", **changes})


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "kasuwa.localhost",
        "indigo.kasuwa.localhost",
        "indigo.example:8001",
        "indigo.example@evil.example",
        "evil.example#indigo.example",
        "evil.example/indigo.example",
        "indigo.example.evil.example",
        "INDIGO.EXAMPLE",
        "indigo.example.",
        "indigo.example\r\nX: y",
        "indigo.example\\@evil.example",
        "//evil.example",
    ],
)
def test_the_platform_hands_over_to_shops_domains_alone(browser: Browser, host: str) -> None:
    answer = browser.open(f"http://kasuwa.localhost:8000{HAND_OFF}?{_asked(host=host)}")
    assert answer.status_code == 404
    assert "Refresh" not in answer.headers


@pytest.mark.parametrize("state", ["", "0" * 63, "G" * 64, "0" * 64 + "\n"])
def test_without_a_browsers_state_nothing_is_handed_over(browser: Browser, state: str) -> None:
    assert browser.open(f"http://kasuwa.localhost:8000{HAND_OFF}?{_asked(state=state)}").status_code == 404


@pytest.mark.parametrize("status", list(ShopStatus))
def test_staff_of_a_deleted_shop_alone_are_kept_out(browser: Browser, indigo: Shop, status: ShopStatus) -> None:
    Shop.objects.filter(pk=indigo.pk).update(status=status)
    answer = browser.open(f"http://kasuwa.localhost:8000{HAND_OFF}?{_asked()}")
    assert answer.status_code == (404 if status == ShopStatus.DELETED else 302)


EVIL_PATHS = [
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https://evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "@evil.example/",
    "evil.example",
    "/\t/evil.example",
    "/\r\nLocation: https://evil.example/",
    "",
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("path", EVIL_PATHS)
def test_no_path_leads_away_from_the_shop(browser: Browser, path: str) -> None:
    assert not is_own_path(path)
    away = browser.leave(f"/account/sign-in/?{urlencode({'next': path})}")
    assert parse_qs(urlsplit(away).query)["path"] == ["/"]
    parts = urlsplit(away)
    query = urlencode({**{k: v[0] for k, v in parse_qs(parts.query).items()}, "path": path})
    answer = browser.open(f"http://kasuwa.localhost:8000{HAND_OFF}?{query}")
    assert browser.open(onward(answer)).headers["Location"] == f"{ORIGIN}/"


@pytest.mark.parametrize("path", ["/%2F%2Fevil.example/", "/dashboard/?next=//evil.example", "/a@b/"])
def test_odd_paths_stay_on_the_shop(browser: Browser, path: str) -> None:
    away = browser.leave(f"/account/sign-in/?{urlencode({'next': path})}")
    arrived = browser.open(onward(browser.open(away)))
    assert urlsplit(arrived.headers["Location"]).netloc == f"{HOST}:8000"


def test_own_urls_are_those_of_proved_domains(indigo: Shop) -> None:
    assert is_own_url(f"{ORIGIN}/dashboard/")
    for url in (
        "http://indigo.example/",
        "http://indigo.example:8001/",
        "http://ada@indigo.example:8000/",
        "http://evil.example:8000/",
        "http://sub.indigo.example:8000/",
        "//indigo.example.evil.example:8000/",
        "ftp://indigo.example:8000/",
    ):
        assert not is_own_url(url), url


def test_the_domain_of_another_host_header_gets_no_session(browser: Browser, indigo: Shop) -> None:
    """Tricks with the header name no other host than the one that is routed."""
    address = urlsplit(browser.fetch())
    for host in ("evil.example", "indigo.example.evil.example", "indigo.example, evil.example", "indigo.example@evil"):
        answer = Client(HTTP_HOST=host).get(f"{address.path}?{address.query}")
        assert answer.status_code in {400, 404}, host
        assert "kasuwa_session" not in answer.cookies
    forwarded = Client(HTTP_HOST=HOST, HTTP_X_FORWARDED_HOST="evil.example").get(WANTED)
    assert parse_qs(urlsplit(forwarded["Location"]).query)["host"] == [HOST]


def test_arriving_is_for_shops_own_domains(browser: Browser, indigo: Shop) -> None:
    make_primary(shop_id=indigo.pk, host="indigo.kasuwa.localhost", actor_id=None, now=NOW)
    answer = browser.open(f"http://indigo.kasuwa.localhost:8000{HAND_OFF}?token=x")
    assert answer.status_code == 404


def test_redis_down_is_a_page_not_a_crash(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.exceptions import ConnectionError as RedisDownError

    def down() -> None:
        raise RedisDownError

    away, address = browser.leave(), browser.fetch()
    monkeypatch.setattr(hand_off, "client", down)
    refused(browser.open(away))
    refused(browser.open(address))


def with_session(host: str, key: str) -> Client:
    thief = Client(HTTP_HOST=f"{host}:8000")
    thief.cookies["kasuwa_session"] = key
    return thief


def test_a_session_of_a_domain_opens_nothing_else(browser: Browser, indigo: Shop, copper: Shop, vendor: User) -> None:
    from tenants.staff.members import add_member

    add_member(shop_id=copper.pk, user_id=vendor.pk, role=Role.OWNER, now=NOW)
    browser.open(browser.fetch())
    key = browser.at(HOST).cookies["kasuwa_session"].value
    assert with_session(HOST, key).get("/dashboard/").status_code == 200
    for host, path in (
        ("kasuwa.localhost", "/account/profile/"),
        (OTHER, "/dashboard/"),
        ("indigo.kasuwa.localhost", "/dashboard/settings/domains/"),
        ("copper.kasuwa.localhost", "/dashboard/settings/domains/"),
    ):
        thief = with_session(host, key)
        assert thief.get(path).status_code == 302, host
        assert thief.get(path).cookies.get("kasuwa_session", None) is None or not thief.cookies["kasuwa_session"].value
    assert with_session("indigo.kasuwa.localhost", key).get("/api/v1/shop/").status_code in {401, 403}
    assert browser.is_in()  # and the thief has ended nothing


def test_a_session_of_the_platform_is_no_good_at_a_domain(browser: Browser) -> None:
    key = browser.at("kasuwa.localhost").cookies["kasuwa_session"].value
    assert with_session(HOST, key).get("/dashboard/").status_code == 302
    assert with_session(HOST, key).get("/api/v1/shop/").status_code in {401, 403}
    assert browser.at("kasuwa.localhost").get("/account/profile/").status_code == 200


def test_what_a_refused_session_holds_is_not_seen(browser: Browser) -> None:
    from accounts.sessions import SessionStore

    key = browser.at("kasuwa.localhost").cookies["kasuwa_session"].value
    assert SESSION_KEY in SessionStore(key)
    elsewhere = SessionStore(key)
    elsewhere.bound_host = HOST
    assert SESSION_KEY not in elsewhere
    elsewhere["a"] = 1
    elsewhere.save()
    assert elsewhere.session_key != key
