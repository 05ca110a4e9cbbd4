import pytest
from tests.market import *
from catalogue.discovery.models import *
from catalogue.discovery.services.drift import find_drift
from catalogue.discovery.services.categories import *
@pytest.mark.django_db
def test_x(django_assert_num_queries):
    a = open_shop("a-shop")
    ids = ensure_categories(categories=[CategoryInput("Fashion"), CategoryInput("Bags", parent="fashion")])
    p = create_product(shop=a, data=ProductInput(title="Aṣọ-òkè tote", description="Hand-woven", category_id=ids["bags"], status="active", variants=[VariantInput(sku="A", price_minor=100, on_hand=3)]), now=NOW)
    l = Listing.objects.get()
    print(l.search, l.is_visible)
    assert find_drift(shop_id=a.pk) == []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    with CaptureQueriesContext(connection) as c:
        create_product(shop=a, data=ProductInput(title="Aṣọ-òkè tote", description="Hand-woven", category_id=ids["bags"], status="active", variants=[VariantInput(sku="B", price_minor=100, on_hand=3)]), now=NOW)
    for q in c.captured_queries: print(q["sql"][:120].replace("\n"," "))
    print(len(c))
