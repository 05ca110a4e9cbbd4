"""A holder's name that differs from the applicant's is shown; nothing is refused for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from payouts.models import BankAccount
from payouts.services.bank_accounts import change_bank_account
from tenants.applications.services.decisions import approve_application
from tenants.models import Shop, ShopApplication
from tests.world.applications import BANK, NUMBER, submitted
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.market import open_shop
from tests.world.own_shop import member, page_client

pytestmark = pytest.mark.django_db
APPLICATION = "The bank calls this account EZE CHIDI; the application names Folasade Bakare."
SHOP = "The bank calls this account EZE CHIDI; the shop is called Indigo Fabrics."


@pytest.fixture
def operator() -> User:
    return person(email="operator@kasuwa.test", name="Ngozi Operator", is_operator=True)


def called(application: ShopApplication, name: str) -> ShopApplication:
    ShopApplication.objects.filter(pk=application.pk).update(account_name=name)
    application.refresh_from_db()
    return application


def bearer(user: User) -> APIClient:
    return APIClient(HTTP_HOST="kasuwa.localhost", HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")


@pytest.mark.parametrize(("holder", "said"), [("EZE CHIDI", APPLICATION), ("BAKARẸ, Folaṣade", ""), ("", "")])
def test_who_decides_on_an_application_reads_it(
    paystack: Any, client: Client, operator: User, holder: str, said: str
) -> None:
    application = submitted()
    if holder:
        called(application, holder)
    else:
        ShopApplication.objects.filter(pk=application.pk).update(account_name="", account_state="unchecked")
    client.force_login(operator)
    page = client.get(f"/operator/applications/{application.pk}/").content.decode()
    assert ("The bank calls this account" in page) is bool(said)
    assert said in page
    answer = bearer(operator).get(f"/api/v1/operator/applications/{application.pk}/").json()["data"]
    assert answer["account_name_difference"] == said


def test_whoever_applies_reads_it_before_sending(paystack: Any, client: Client) -> None:
    applicant = person(email="sade@example.com", name="Sade")
    application = called(submitted(applicant_id=applicant.pk), "EZE CHIDI")
    ShopApplication.objects.filter(pk=application.pk).update(status="more_needed")
    client.force_login(applicant)
    for step in ("review", "account"):
        assert APPLICATION in client.get(f"/sell/apply/{application.pk}/{step}/").content.decode(), step


def test_nothing_is_refused_for_it_and_the_shop_and_operators_read_it(
    paystack: Any, client: Client, operator: User
) -> None:
    applicant = person(email="sade@example.com", name="Sade")
    application = called(submitted(applicant_id=applicant.pk), "EZE CHIDI")
    approve_application(application_id=application.pk, actor_id=operator.pk, now=NOW)
    shop = Shop.objects.get(slug=application.slug)
    assert BankAccount.objects.get(shop=shop).holder_name == "EZE CHIDI"

    owner = member(shop)
    assert APPLICATION in page_client(shop, owner).get("/dashboard/settings/bank-account/").content.decode()
    client.force_login(operator)
    assert APPLICATION in client.get(f"/operator/shops/{shop.slug}/").content.decode()
    operator.is_superuser = operator.is_staff = True
    operator.save()
    assert APPLICATION in client.get("/admin/payouts/bankaccount/").content.decode()


def test_a_shop_that_never_applied_is_held_to_its_name(paystack: Any) -> None:
    shop = open_shop("indigo-fabrics")
    owner = member(shop)
    change_bank_account(shop_id=shop.pk, bank_code=BANK, number=NUMBER, actor_id=owner.pk, now=NOW)
    api = page_client(shop, owner)
    for holder, said in (("EZE CHIDI", SHOP), ("INDIGO FABRICS NIG LTD", "")):
        BankAccount.objects.filter(shop=shop).update(holder_name=holder)
        assert api.get("/api/v1/bank-account/").json()["data"]["name_difference"] == said
