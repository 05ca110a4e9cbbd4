"""Operators look at the raw admin and change nothing there."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.checks import check_admin_app
from django.test import Client
from rest_framework_simplejwt.exceptions import InvalidToken

from accounts.admin_access import OperatorsMayLook
from accounts.models import User
from accounts.services.tokens import issue_tokens, rotate_tokens
from catalogue.discovery.models import Category
from notifications.models import Email
from tests.world.books import make_market
from tests.world.factories.catalogue import make_categories

pytestmark = pytest.mark.django_db
HIDDEN = {Email}  # letters hold links that let their readers in


@pytest.fixture
def client(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def shown() -> list[str]:
    return sorted(
        f"{model._meta.app_label}/{model._meta.model_name}"
        for model, of_model in admin.site._registry.items()
        if isinstance(of_model, OperatorsMayLook)
    )


def test_django_finds_no_fault_in_it() -> None:
    """Commands load no admin pages, so `manage.py check` looks at none."""
    import_module(settings.PUBLIC_SCHEMA_URLCONF)
    assert len(admin.site._registry) > 12
    assert check_admin_app(None) == []


def test_the_front_page_lists_what_there_is(client: Client) -> None:
    page = client.get("/admin/").content.decode()
    assert "permission to view or edit anything" not in page
    for name in shown():
        assert f"/admin/{name}/" in page
    assert len(shown()) > 12


def test_every_list_and_row_opens_and_nothing_can_be_written(client: Client) -> None:
    make_market()
    make_categories()
    for name in shown():
        assert client.get(f"/admin/{name}/").status_code == 200, name
        assert client.get(f"/admin/{name}/add/").status_code == 403, name
    for model, of_model in admin.site._registry.items():
        row = model._default_manager.order_by("pk").first()
        if row is None or not isinstance(of_model, OperatorsMayLook):
            continue
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/"
        assert client.get(f"{address}change/").status_code == 200, address
        assert client.post(f"{address}change/", {"name": "Changed"}).status_code == 403, address
        assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403, address


def test_what_lets_people_in_is_not_shown(client: Client) -> None:
    person = User.objects.create_user("ada@kasuwa.test", "a-long-password", name="Ada")
    page = client.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    assert "ada@kasuwa.test" in page
    assert "argon2" not in page
    assert "pbkdf2" not in page
    assert person.password not in page
    for model, of_model in admin.site._registry.items():
        if model in HIDDEN or not isinstance(of_model, OperatorsMayLook):
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            assert client.get(address).status_code == 403, address


def test_buyers_get_no_further_than_the_door(buyer: User) -> None:
    outsider = Client(HTTP_HOST="kasuwa.localhost")
    outsider.force_login(buyer)
    assert outsider.get("/admin/accounts/user/").status_code in {302, 404}


def test_a_category_is_not_changed_in_the_admin_even_by_superusers(client: Client) -> None:
    ids = make_categories()
    client.force_login(User.objects.create_superuser("root@kasuwa.test", "a-long-password"))
    typed = {"name": "Fashion", "slug": "fashion", "parent": ids["leather-bags"], "position": 0}
    assert client.post(f"/admin/discovery/category/{ids['fashion']}/change/", typed).status_code == 403
    assert Category.objects.get(slug="fashion").parent_id is None


def test_who_is_deactivated_in_the_admin_is_shut_out_even_after_being_opened_again(client: Client) -> None:
    ada = User.objects.create_user("ada@kasuwa.test", "a-long-password", name="Ada")
    tokens = issue_tokens(user=ada)
    client.force_login(User.objects.create_superuser("root@kasuwa.test", "a-long-password"))
    address, typed = f"/admin/accounts/user/{ada.pk}/change/", {"email": ada.email, "name": "Ada", "phone": ""}
    assert client.post(address, typed).status_code == 302, "without the tick of is_active"
    assert not User.objects.get(pk=ada.pk).is_active
    assert client.post(address, typed | {"is_active": "on"}).status_code == 302
    assert User.objects.get(pk=ada.pk).is_active
    with pytest.raises(InvalidToken):
        rotate_tokens(refresh=tokens.refresh)
