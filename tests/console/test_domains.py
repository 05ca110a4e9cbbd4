"""Operators and shops' domains: seen, taken off with a reason; certificates for known hosts alone."""

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import User
from console.models import AuditEntry
from console.services.domains import DOMAIN_REMOVED
from notifications.models import Notification
from tenants.hosts.domains import claim_domain
from tenants.models import DomainClaim, Role, Shop, ShopEvent, ShopStatus
from tests.world.clock import NOW
from tests.world.domains import prove
from tests.world.own_shop import member
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def indigo() -> Shop:
    return make_shop("indigo")


@pytest.fixture
def claim(indigo: Shop) -> DomainClaim:
    return prove(indigo, "shop.example", primary=True)


def remove_path(claim: DomainClaim, slug: str = "indigo") -> str:
    return f"/operator/shops/{slug}/domains/{claim.pk}/remove/"


def test_an_operator_takes_a_domain_off_with_a_reason(
    client: Client, operator: User, indigo: Shop, claim: DomainClaim
) -> None:
    owner = member(indigo)
    client.force_login(operator)
    page = client.get("/operator/shops/indigo/").text
    assert remove_path(claim) in page
    assert "(main)" in page
    assert "shop.example" in client.get(remove_path(claim)).text
    done = client.post(remove_path(claim), {"reason": "It imitates a bank."}, follow=True)
    assert "no longer leads to" in done.text
    assert not DomainClaim.objects.exists()
    indigo.refresh_from_db()
    assert indigo.primary_host is None
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.reason) == (
        DOMAIN_REMOVED.name,
        "shop:indigo",
        "It imitates a bank.",
    )
    assert entry.details == {"host": "shop.example"}
    event = ShopEvent.objects.filter(kind="domain.removed").get()
    assert (event.actor_id, event.details) == (operator.pk, {"reason": "It imitates a bank."})
    told = Notification.objects.get(user=owner, kind="domain.removed")
    assert "It imitates a bank." in told.body


def test_without_a_reason_nothing_happens(client: Client, operator: User, claim: DomainClaim) -> None:
    client.force_login(operator)
    for reason in ("", "   ", "bad"):
        assert client.post(remove_path(claim), {"reason": reason}).status_code == 400
    assert DomainClaim.objects.filter(pk=claim.pk).exists()
    assert not AuditEntry.objects.exists()


def test_a_claim_belongs_to_its_shop(client: Client, operator: User, claim: DomainClaim) -> None:
    make_shop("copper")
    client.force_login(operator)
    assert client.post(remove_path(claim, "copper"), {"reason": "A mistake."}).status_code == 404
    assert client.get(remove_path(claim, "nobody")).status_code == 404
    assert DomainClaim.objects.filter(pk=claim.pk).exists()


def test_nobody_else_takes_domains_off(client: Client, buyer: User, indigo: Shop, claim: DomainClaim) -> None:
    assert client.post(remove_path(claim), {"reason": "Because."}).status_code == 302
    for user in (buyer, member(indigo, Role.OWNER)):
        client.force_login(user)
        assert client.post(remove_path(claim), {"reason": "Because."}).status_code in {403, 404}
    assert DomainClaim.objects.filter(pk=claim.pk).exists()


# --- Certificates ---------------------------------------------------------------------------------


def ask(host: str) -> int:
    return Client(HTTP_HOST="127.0.0.1:8000").get("/health/host", {"domain": host}).status_code


def test_certificates_are_for_hosts_that_are_answered(indigo: Shop, claim: DomainClaim) -> None:
    claim_domain(shop_id=indigo.pk, host="unproved.example", actor_id=None, now=NOW)
    for host in ("kasuwa.localhost", "www.kasuwa.localhost", "indigo.kasuwa.localhost", "Shop.Example."):
        assert ask(host) == 200, host
    for host in ("", "unproved.example", "evil.example", "nobody.kasuwa.localhost", "x.shop.example", "10.0.0.1"):
        assert ask(host) == 404, host
    Shop.objects.filter(pk=indigo.pk).update(status=ShopStatus.DELETED)
    for host in ("shop.example", "indigo.kasuwa.localhost"):
        assert ask(host) == 404, host


def test_questions_have_a_limit(claim: DomainClaim, settings: LazySettings) -> None:
    settings.HOST_QUESTIONS_PER_MINUTE = 2
    answers = [Client(HTTP_HOST="127.0.0.1").get("/health/host", {"domain": "shop.example"}) for _ in range(6)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429  # a new minute may begin in between
    assert answers[-1]["Retry-After"] == "60"


def test_the_raw_admin_only_looks(client: Client, make_user: object, claim: DomainClaim) -> None:
    boss = User.objects.create_superuser("boss@example.com", "secret-pass-1")
    client.force_login(boss)
    for model, key in (("domain", claim.shop.domains.first().pk), ("domainclaim", claim.pk)):
        assert client.get(f"/admin/tenants/{model}/").status_code == 200
        assert client.get(f"/admin/tenants/{model}/add/").status_code == 403
        assert client.post(f"/admin/tenants/{model}/{key}/change/", {"host": "x"}).status_code == 403
        assert client.post(f"/admin/tenants/{model}/{key}/delete/", {"post": "yes"}).status_code == 403
