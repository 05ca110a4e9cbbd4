"""Pictures: what is taken, what is stored, and what lists show."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from catalogue.discovery.models import Listing
from catalogue.errors import ImageNotFoundError, ProductNotFoundError
from catalogue.models import Product
from catalogue.selectors.pictures import small_name
from catalogue.selectors.products import get_product
from catalogue.services.images import (
    add_product_image,
    attach_image_file,
    remove_product_image,
    reorder_product_images,
)
from kit.errors import InvalidInputError
from kit.pictures import decoding
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, picture
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo")


@pytest.fixture
def product(shop: Shop) -> Product:
    return add_product(shop)


def files_below(folder: str) -> list[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return files + [name for each in folders for name in files_below(f"{folder}/{each}")]


def stored(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_upload_becomes_two_files_and_the_listings_picture(shop: Shop, product: Product, kind: str) -> None:
    image = add_product_image(
        shop=shop, product_id=product.id, upload=picture(kind, size=(1200, 900)), alt=" Front ", now=NOW
    )
    assert image.file.startswith(f"shops/{shop.pk}/products/{product.id}/")
    large, small = stored(image.file), stored(small_name(image.file))
    assert (large.format, large.size) == ("WEBP", (800, 600))
    assert (small.format, small.size) == ("WEBP", (400, 300))
    listing = Listing.objects.get()
    assert listing.image == image.file
    assert listing.images == [{"file": image.file, "alt": "Front"}]


def test_what_a_camera_wrote_is_read_and_dropped(shop: Shop, product: Product) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "taken at home"
    upload = picture("JPEG", size=(300, 200), exif=exif.tobytes())
    image = add_product_image(shop=shop, product_id=product.id, upload=upload, alt="", now=NOW)
    large = stored(image.file)
    assert large.size == (200, 300)
    assert not large.getexif()
    with default_storage.open(image.file) as file:
        assert b"taken at home" not in file.read()


def test_a_transparent_picture_stands_on_white(shop: Shop, product: Product) -> None:
    image = add_product_image(shop=shop, product_id=product.id, upload=picture("PNG"), alt="", now=NOW)
    assert stored(image.file).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (io.BytesIO(b"<svg onload=alert(1)>"), "not a JPEG"),
        (io.BytesIO(b""), "not a JPEG"),
        (io.BytesIO(picture().getvalue()[:400]), "not a JPEG"),
        (picture("GIF"), "not a JPEG"),
        (picture("BMP"), "not a JPEG"),
        (io.BytesIO(b"x" * (5 * 1024 * 1024 + 1)), "at most 5 MB"),
        (picture(size=(63, 500)), "at least 64"),
    ],
)
def test_what_is_no_picture_is_refused(shop: Shop, product: Product, upload: io.BytesIO, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as refusal:
        add_product_image(shop=shop, product_id=product.id, upload=upload, alt="", now=NOW)
    assert "image" in refusal.value.details
    assert files_below(f"shops/{shop.pk}") == []
    assert Listing.objects.get().images == []


def test_a_bomb_is_not_unpacked(shop: Shop, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_PIXELS", 100 * 100)
    with pytest.raises(InvalidInputError, match="megapixels"):
        add_product_image(shop=shop, product_id=product.id, upload=picture(size=(101, 100)), alt="", now=NOW)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(InvalidInputError, match="not a JPEG"):
        add_product_image(shop=shop, product_id=product.id, upload=picture(size=(100, 100)), alt="", now=NOW)


def test_pictures_are_put_in_order_and_removed(
    shop: Shop, product: Product, django_capture_on_commit_callbacks: Commits
) -> None:
    added = [
        add_product_image(shop=shop, product_id=product.id, upload=picture(), alt=f"{n}", now=NOW) for n in range(3)
    ]
    order = [added[2].pk, added[0].pk, added[1].pk]
    reorder_product_images(shop=shop, product_id=product.id, image_ids=order, now=NOW)
    assert [image["alt"] for image in Listing.objects.get().images] == ["2", "0", "1"]
    for wrong in (order[:2], [*order, order[0]], [*order[:2], 999_999]):
        with pytest.raises(InvalidInputError) as refused:
            reorder_product_images(shop=shop, product_id=product.id, image_ids=wrong, now=NOW)
        assert [fault.code for fault in refused.value.details["images"]] == ["other_pictures"]

    with django_capture_on_commit_callbacks(execute=True):
        remove_product_image(shop=shop, product_id=product.id, image_id=added[2].pk, now=NOW)
        assert default_storage.exists(added[2].file)
    assert not default_storage.exists(added[2].file)
    assert not default_storage.exists(small_name(added[2].file))
    assert Listing.objects.get().image == added[0].file
    with pytest.raises(ImageNotFoundError):
        remove_product_image(shop=shop, product_id=product.id, image_id=added[2].pk, now=NOW)


def test_a_product_has_eight_pictures_at_most(shop: Shop, product: Product) -> None:
    for n in range(8):
        attach_image_file(shop=shop, product_id=product.id, file=f"made/{n}-800.webp", alt="", now=NOW)
    with pytest.raises(InvalidInputError, match="at most 8"):
        add_product_image(shop=shop, product_id=product.id, upload=picture(), alt="", now=NOW)
    assert files_below(f"shops/{shop.pk}") == []
    assert len(get_product(shop=shop, product_id=product.id).images.all()) == 8


def test_another_shops_product_takes_no_picture(shop: Shop, product: Product) -> None:
    other = open_shop("copper")
    with pytest.raises(ProductNotFoundError):
        add_product_image(shop=other, product_id=product.id, upload=picture(), alt="", now=NOW)
    image = add_product_image(shop=shop, product_id=product.id, upload=picture(), alt="", now=NOW)
    with pytest.raises(ProductNotFoundError):
        remove_product_image(shop=other, product_id=product.id, image_id=image.pk, now=NOW)
    assert files_below(f"shops/{other.pk}") == []
    assert Listing.objects.get().image == image.file
