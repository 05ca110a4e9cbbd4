"""Shops and applicants give numbers as they are dialled in their country; those of before stay until they change."""

import pytest

from kit.errors import InvalidInputError
from tenants.applications.services.drafts import Business, save_business
from tenants.models import Shop, ShopEvent
from tenants.shops.profile import update_profile
from tests.world.applications import BUSINESS, started
from tests.world.clock import NOW
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = open_shop("cloth-hall")
    Shop.objects.filter(pk=shop.pk).update(country="GH", contact_phone="024 1234")
    return shop


def change(shop: Shop, **changes: str) -> Shop:
    return update_profile(shop_id=shop.pk, actor_id=None, now=NOW, **changes)


def test_a_shop_s_number_is_one_of_its_country(shop: Shop) -> None:
    assert change(shop, contact_phone="024 123 4567").contact_phone == "+233241234567"
    events = ShopEvent.objects.count()
    assert change(shop, contact_phone="+233 24 123 4567").contact_phone == "+233241234567"
    assert ShopEvent.objects.count() == events, "the same number is no change"


def test_a_number_of_before_stays_until_it_is_changed(shop: Shop) -> None:
    assert change(shop, contact_phone="024 1234", tagline="Cloth").contact_phone == "024 1234"
    with pytest.raises(InvalidInputError) as refused:
        change(shop, contact_phone="0803 123 4567")
    assert "such as 023 123 4567" in refused.value.details["contact_phone"][0]
    assert Shop.objects.get(pk=shop.pk).contact_phone == "024 1234"


def test_an_applicant_s_number_is_one_of_the_country_applied_for() -> None:
    application = started(country="GH")
    with pytest.raises(InvalidInputError) as refused:
        save_business(
            application_id=application.pk, business=Business(**BUSINESS | {"phone": "0803 123 4567"}), now=NOW
        )
    assert refused.value.details.keys() == {"phone"}
    saved = save_business(
        application_id=application.pk, business=Business(**BUSINESS | {"phone": "024 123 4567"}), now=NOW
    )
    assert saved.phone == "+233241234567"
    with pytest.raises(InvalidInputError) as unnamed:
        save_business(application_id=application.pk, business=Business(**BUSINESS | {"city": "12"}), now=NOW)
    assert unnamed.value.details.keys() == {"city"}
