"""The product form: what is typed arrives exactly, faults are shown where they are, nothing typed is lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import User
from catalogue.discovery.models import Listing
from catalogue.models import Product, StockMovement
from catalogue.selectors.products import get_product
from catalogue.services.stock import adjust_stock
from catalogue.services.validation import MAX_VARIANTS
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, make_categories, picture, variant
from tests.world.market import buy, open_shop, stock
from tests.world.own_shop import member, page_client
from vendors.forms.made_rows import rows_with_values

pytestmark = pytest.mark.django_db
NEW = "/dashboard/products/new/"


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def owner(shop: Shop) -> User:
    return member(shop)


@pytest.fixture
def desk(shop: Shop, owner: User) -> Client:
    return page_client(shop, owner)


def typed(*rows: dict[str, str], **fields: str) -> dict[str, Any]:
    """Return the data that a browser sends: the fields, and the rows of the grid."""
    data = {"title": "Hand-woven tote", "status": "active", **fields}
    data |= {"variants-TOTAL_FORMS": str(len(rows)), "variants-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        data |= {f"variants-{index}-{name}": value for name, value in row.items()}
    return data


def shown(page: Any) -> dict[str, Any]:
    """Return the data that the form's page would send unchanged."""
    editor = page.context["editor"]
    data: dict[str, Any] = {}
    for form in [editor.form, editor.rows.management_form, *editor.rows.forms, *(form for _, form in editor.pictures)]:
        for field in form:
            value = field.value()
            if value is not None and value is not False and value != "":
                data[field.html_name] = str(value)
    return data


def only_product(shop: Shop) -> Product:
    with schema_context(shop.schema_name):
        product_id = Product.objects.get().pk
    return get_product(shop=shop, product_id=product_id)


def test_a_new_product_arrives_to_the_kobo(shop: Shop, desk: Client) -> None:
    category = make_categories()["leather-bags"]
    answer = desk.post(
        NEW,
        typed(
            {"sku": "T-IND", "value_1": "Indigo", "price": "₦18,500.29", "was": "24,000", "on_hand": "8"},
            {},
            {"sku": "T-RUS", "value_1": "Rust", "price": "21000.5"},
            description="Woven in Iseyin.",
            brand="Iya",
            category=str(category),
            option_1="Colour",
        )
        | {"pictures": [SimpleUploadedFile("a.jpg", picture().read()), SimpleUploadedFile("b.jpg", b"not a picture")]},
        follow=True,
    )
    product = only_product(shop)
    assert answer.redirect_chain == [(f"/dashboard/products/{product.pk}/", 302)]
    assert "b.jpg: This is not a JPEG" in answer.content.decode()
    assert (product.title, product.status, product.brand, product.category_id) == (
        "Hand-woven tote",
        "active",
        "Iya",
        category,
    )
    variants = list(product.variants.all())
    assert [(v.sku, v.price_minor, v.compare_at_minor, v.options, v.stock.on_hand) for v in variants] == [
        ("T-IND", 1_850_029, 2_400_000, {"Colour": "Indigo"}, 8),
        ("T-RUS", 2_100_050, None, {"Colour": "Rust"}, 0),
    ]
    assert product.images.count() == 1
    assert Listing.objects.get().price_minor == 1_850_029


def test_a_weight_is_typed_in_kilograms_and_stays_where_the_form_does_not_send_it(shop: Shop, desk: Client) -> None:
    desk.post(NEW, typed({"sku": "T-IND", "price": "18500", "weight": "0.42"}))
    product = only_product(shop)
    page, variant = f"/dashboard/products/{product.pk}/", product.variants.all()[0]
    assert variant.weight_g == 420
    assert 'value="0.42"' in desk.get(page).content.decode()
    row = {"id": str(variant.pk), "sku": "T-IND", "price": "18500"}
    for sent, expected in (({}, 420), ({"weight": "1,5"}, 420), ({"weight": "1.25"}, 1_250), ({"weight": ""}, None)):
        desk.post(page, typed(row | sent))
        assert only_product(shop).variants.all()[0].weight_g == expected, sent


def test_a_product_has_the_tax_class_that_was_chosen(shop: Shop, desk: Client) -> None:
    desk.post(NEW, typed({"sku": "T-IND", "price": "18500"}, tax_class="zero"))
    product = only_product(shop)
    assert product.tax_class == "zero"
    page = f"/dashboard/products/{product.pk}/"
    desk.post(page, typed({"id": str(product.variants.all()[0].pk), "sku": "T-IND", "price": "18500"}))
    assert only_product(shop).tax_class == "zero", "a form of an earlier release does not send it"


def test_saving_what_is_shown_changes_nothing(shop: Shop, desk: Client) -> None:
    options = [{"Colour": colour, "Size": size} for colour in ("Indigo", "Rust") for size in ("S", "L")]
    made = add_product(
        shop,
        variants=[
            variant(f"T-{index}", 1_850_029 + index, options=each, compare_at_minor=2_400_000, weight_g=300)
            for index, each in enumerate(options)
        ],
    )
    before = _values(get_product(shop=shop, product_id=made.pk))
    address = f"/dashboard/products/{made.pk}/"
    assert desk.post(address, shown(desk.get(address))).status_code == 302
    assert _values(get_product(shop=shop, product_id=made.pk)) == before
    with schema_context(shop.schema_name):
        assert StockMovement.objects.count() == len(options)  # only the opening stock


def test_prices_stock_and_rows_are_changed_in_the_grid(shop: Shop, desk: Client) -> None:
    made = add_product(shop, variants=[variant("T-S", options={"Size": "S"}), variant("T-L", options={"Size": "L"})])
    address = f"/dashboard/products/{made.pk}/"
    data = shown(desk.get(address))
    data |= {"variants-0-price": "19,000.50", "variants-0-on_hand": "4", "variants-1-DELETE": "on"}
    data |= {"variants-2-sku": "T-XL", "variants-2-value_1": "XL"}
    data |= {"variants-2-price": "20000", "variants-2-on_hand": "2"}
    assert desk.post(address, data).status_code == 302
    variants = list(get_product(shop=shop, product_id=made.pk).variants.all())
    found = [(v.sku, v.price_minor, v.stock.on_hand) for v in variants]
    assert found == [("T-S", 1_900_050, 4), ("T-XL", 2_000_000, 2)]


def test_a_variant_that_the_page_did_not_show_stays(shop: Shop, desk: Client) -> None:
    made = add_product(shop, variants=[variant("T-S", options={"Size": "S"}), variant("T-L", options={"Size": "L"})])
    address = f"/dashboard/products/{made.pk}/"
    data = {name: value for name, value in shown(desk.get(address)).items() if not name.startswith("variants-1-")}
    assert desk.post(address, data).status_code == 302
    assert get_product(shop=shop, product_id=made.pk).variants.count() == 2


def test_stock_does_not_go_below_what_is_promised(shop: Shop, desk: Client) -> None:
    stocked = stock(shop, on_hand=10)
    buy(stocked.line(3))
    address = f"/dashboard/products/{stocked.product_id}/"
    data = shown(desk.get(address)) | {"variants-0-on_hand": "2", "title": "Renamed"}
    answer = desk.post(address, data)
    assert answer.status_code == 422
    assert "3 are reserved for orders being paid" in answer.content.decode()
    assert 'value="Renamed"' in answer.content.decode()
    assert stocked.level() == (10, 3)
    with schema_context(shop.schema_name):
        assert Product.objects.get().title == "Product TOTE-1"


def test_a_count_that_sales_have_overtaken_is_asked_again(shop: Shop, desk: Client) -> None:
    stocked = stock(shop, on_hand=10)
    address = f"/dashboard/products/{stocked.product_id}/"
    data = shown(desk.get(address)) | {"variants-0-on_hand": "12"}
    adjust_stock(shop=shop, variant_id=stocked.variant_id, change=-4, source="sale", now=NOW)
    answer = desk.post(address, data)
    assert "from 10 to 6" in answer.content.decode()
    assert stocked.level() == (6, 0)
    assert desk.post(address, shown(answer)).status_code == 302  # looked at again, and meant
    assert stocked.level() == (12, 0)


def test_an_untouched_count_leaves_sales_alone(shop: Shop, desk: Client) -> None:
    stocked = stock(shop, on_hand=10)
    address = f"/dashboard/products/{stocked.product_id}/"
    data = shown(desk.get(address)) | {"title": "Renamed"}
    adjust_stock(shop=shop, variant_id=stocked.variant_id, change=-4, source="sale", now=NOW)
    assert desk.post(address, data).status_code == 302
    assert stocked.level() == (6, 0)


@pytest.mark.parametrize(
    ("row", "fields", "message"),
    [
        ({"price": "18.500"}, {}, "Variant 1, Price</a>: Write it like 18,500 or 18500.50."),
        ({"price": "0"}, {}, "A price is more than zero."),
        ({"price": ""}, {}, "Variant 1, Price</a>: This field is required."),
        ({"was": "18,500"}, {}, "Above the price, or empty."),
        ({"sku": ""}, {}, "Variant 1, SKU</a>: This field is required."),
        ({"on_hand": "-1"}, {}, "Variant 1, On hand</a>"),
        ({"on_hand": "two"}, {}, "Enter a whole number."),
        ({"value_1": "Indigo"}, {}, "Name option 1 above first."),
        ({}, {"option_1": "Colour"}, "Which colour?"),
        ({"value_1": "Red", "value_2": "Red"}, {"option_1": "Colour", "option_2": "colour"}, "a different name"),
        ({}, {"title": ""}, "Title</a>: This field is required."),
        ({}, {"category": "999999"}, "Category</a>"),
        ({"DELETE": "on"}, {}, "A product needs at least one variant"),
        ({"sku": "TAKEN"}, {}, "“Lamp” has this SKU already."),
    ],
)
def test_faults_are_named_and_nothing_typed_is_lost(
    shop: Shop, desk: Client, row: dict[str, str], fields: dict[str, str], message: str
) -> None:
    add_product(shop, "Lamp", sku="TAKEN", variants=[variant("TAKEN")])
    data = typed({"sku": "T-1", "price": "18,500", "on_hand": "7"} | row, description="Woven in Iseyin.", **fields)
    data |= fields
    answer = desk.post(NEW, data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    assert "Woven in Iseyin." in text
    for value in (value for value in row.values() if value not in {"", "on"}):
        assert f'value="{value}"' in text
    with schema_context(shop.schema_name):
        assert Product.objects.count() == 1


def test_a_taken_sku_is_marked_when_changing_too(shop: Shop, desk: Client) -> None:
    add_product(shop, "Lamp", variants=[variant("TAKEN")])
    made = add_product(shop, "Tote", variants=[variant("T-1")])
    address = f"/dashboard/products/{made.pk}/"
    answer = desk.post(address, shown(desk.get(address)) | {"variants-0-sku": "TAKEN", "title": "Renamed"})
    assert "“Lamp” has this SKU already." in answer.content.decode()
    assert get_product(shop=shop, product_id=made.pk).title == "Tote"


def test_two_rows_that_are_the_same_are_refused(shop: Shop, desk: Client) -> None:
    rows = [{"sku": "T-1", "price": "1", "value_1": "S"}, {"sku": "T-2", "price": "1", "value_1": "S"}]
    answer = desk.post(NEW, typed(*rows, option_1="Size"))
    assert "Two variants have the same options." in answer.content.decode()


def test_more_rows_come_without_a_judgement(shop: Shop, desk: Client) -> None:
    data = typed({"sku": "T-1", "price": "nonsense"}, description="Woven.", title="") | {"add_rows": "3"}
    answer = desk.post(NEW, data)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "error-summary" not in text
    assert [value in text for value in ('value="T-1"', 'value="nonsense"', "Woven.")] == [True] * 3
    assert len(answer.context["editor"].rows.forms) == 4
    with schema_context(shop.schema_name):
        assert not Product.objects.exists()


def test_a_form_without_its_rows_says_so(desk: Client) -> None:
    answer = desk.post(NEW, {"title": "Tote", "status": "draft"})
    assert answer.status_code == 422
    assert "arrived without its variants" in answer.content.decode()


def test_pictures_are_added_described_reordered_and_removed(shop: Shop, desk: Client) -> None:
    made = add_product(shop)
    address = f"/dashboard/products/{made.pk}/"

    def save(**changes: Any) -> None:
        assert desk.post(address, shown(desk.get(address)) | changes).status_code == 302

    def images() -> list[tuple[int, str]]:
        return [(image.pk, image.alt) for image in get_product(shop=shop, product_id=made.pk).images.all()]

    save(pictures=[SimpleUploadedFile(name, picture().read()) for name in ("a.jpg", "b.jpg", "c.jpg")])
    first, second, third = (pk for pk, _ in images())
    save(**{f"picture-{second}-alt": "From the side", "cover": str(second)})
    assert [pk for pk, _ in images()] == [second, first, third]
    assert images()[0] == (second, "From the side")
    assert Listing.objects.get().image == get_product(shop=shop, product_id=made.pk).images.all()[0].file
    save(**{f"picture-{second}-remove": "on", f"picture-{third}-alt": "Inside"})
    assert images() == [(first, "Hand-woven tote"), (third, "Inside")]


def test_the_grid_keeps_a_hundred_rows_at_most(shop: Shop, desk: Client) -> None:
    made = add_product(shop, variants=[variant(f"T-{n}", options={"Size": str(n)}) for n in range(99)])
    address = f"/dashboard/products/{made.pk}/"
    page = desk.get(address)
    assert len(page.context["editor"].rows.forms) == 100
    answer = desk.post(address, shown(page) | {"add_rows": "3"})
    assert len(answer.context["editor"].rows.forms) == 100
    assert desk.post(address, shown(page)).status_code == 302


def _values(product: Product) -> tuple[Any, ...]:
    variants = [
        (v.pk, v.sku, v.options, v.price_minor, v.compare_at_minor, v.weight_g, v.position, v.stock.on_hand)
        for v in product.variants.all()
    ]
    return product.title, product.description, product.brand, product.category_id, product.status, variants


def test_rows_are_made_of_the_values_of_the_options(shop: Shop, desk: Client) -> None:
    form = {
        "title": "Adire shirt", "description": "", "category": "", "brand": "", "status": "draft",
        "option_1": "Colour", "values_1": "Indigo, Rust,, Indigo", "option_2": "Size", "values_2": "S, M",
        "variants-TOTAL_FORMS": "1", "variants-INITIAL_FORMS": "0",
        "variants-0-price": "12,000", "variants-0-on_hand": "5",
    }  # fmt: skip
    page = desk.post("/dashboard/products/new/", form | {"make_rows": "yes"})
    assert page.status_code == 200
    rows = [row.initial for row in page.context["editor"].rows.forms if row.initial]
    assert [(row["value_1"], row["value_2"], row["sku"]) for row in rows] == [
        ("Indigo", "S", "ADIRE-SHIRT-INDIGO-S"),
        ("Indigo", "M", "ADIRE-SHIRT-INDIGO-M"),
        ("Rust", "S", "ADIRE-SHIRT-RUST-S"),
        ("Rust", "M", "ADIRE-SHIRT-RUST-M"),
    ]
    assert {(row["price"], row["on_hand"]) for row in rows} == {("12,000", "5")}
    with schema_context(shop.schema_name):
        assert not Product.objects.exists()
    saved = {f"variants-{number}-{name}": str(value) for number, row in enumerate(rows) for name, value in row.items()}
    answer = desk.post("/dashboard/products/new/", form | saved | {"variants-TOTAL_FORMS": str(len(rows))})
    assert answer.status_code == 302
    with schema_context(shop.schema_name):
        assert Product.objects.get().variants.count() == 4


def test_made_rows_keep_the_variants_that_are_there() -> None:
    typed = [
        {"id": "1", "sku": "SHIRT-S", "value_1": "s", "price": "10"},
        {"id": "", "sku": "", "value_1": "", "price": ""},
    ]
    made = rows_with_values(typed, values={1: ["S", "M"]}, title="Shirt")
    assert [(row.get("id"), row["sku"], row["value_1"], row["price"]) for row in made] == [
        ("1", "SHIRT-S", "s", "10"),
        (None, "SHIRT-S-M", "M", "10"),
    ]
    many = rows_with_values([], values={1: [str(n) for n in range(30)], 2: [str(n) for n in range(30)]}, title="")
    assert len(many) == MAX_VARIANTS
