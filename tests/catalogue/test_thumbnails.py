"""Pictures of earlier releases have two sizes: lists show the smaller one until they are given a thumbnail."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django_tenants.utils import schema_context
from PIL import Image

from catalogue.discovery.models import Listing
from catalogue.models import Product, ProductImage
from catalogue.selectors.pictures import name_with_thumbnail, picture_files, thumbnail_name, thumbnail_url
from catalogue.services import thumbnails
from catalogue.services.images import add_product_image, attach_image_file, remove_product_image
from catalogue.services.thumbnails import add_thumbnails
from demo.art import file_name, save_whole_images
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, picture
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo")


@pytest.fixture
def product(shop: Shop) -> Product:
    return add_product(shop)


def of_earlier_release(shop: Shop, product: Product, *, content: bytes | None = None) -> str:
    """Put a picture of two sizes on a product."""
    large = f"shops/{shop.pk}/products/{product.id}/earlier-800.webp"
    for name, side in picture_files(large).items():
        default_storage.save(name, ContentFile(content or picture("WEBP", size=(side, side)).getvalue()))
    attach_image_file(shop=shop, product_id=product.id, file=large, alt="Front", now=NOW)
    return large


def files_of(shop: Shop) -> list[str]:
    with schema_context(shop.schema_name):
        return list(ProductImage.objects.order_by("pk").values_list("file", flat=True))


def test_lists_show_the_smallest_size_that_a_picture_has() -> None:
    assert thumbnail_name("shops/1/products/7/k.t-800.webp") == "shops/1/products/7/k.t-128.webp"
    assert thumbnail_name("shops/1/products/7/k-800.webp") == "shops/1/products/7/k-400.webp"
    assert thumbnail_name("shops/1/logo.webp") == "shops/1/logo.webp"
    assert thumbnail_url("") == ""


def test_every_file_that_a_name_promises_is_stored(shop: Shop, product: Product) -> None:
    image = add_product_image(shop=shop, product_id=product.id, upload=picture(), alt="", now=NOW)
    sizes = picture_files(image.file)
    assert sorted(sizes.values()) == [128, 400, 800]
    for name, side in sizes.items():
        with default_storage.open(name) as file:
            assert max(Image.open(io.BytesIO(file.read())).size) == side


def test_the_demo_draws_every_file_that_a_name_promises(tmp_path: Path) -> None:
    save_whole_images(tmp_path, name="mug", kind="mug", palette="plum", seed=5)
    assert {path.name for path in tmp_path.iterdir()} == set(picture_files(file_name("mug")))


def test_a_picture_of_an_earlier_release_is_given_a_thumbnail_once(shop: Shop, product: Product) -> None:
    before = of_earlier_release(shop, product)
    assert add_thumbnails(shop=shop).added == 1
    [after] = files_of(shop)
    assert after == name_with_thumbnail(before)
    assert all(map(default_storage.exists, picture_files(after)))
    assert all(map(default_storage.exists, picture_files(before))), "orders name the earlier files"
    listing = Listing.objects.get()
    assert (listing.image, listing.images) == (after, [{"file": after, "alt": "Front"}])
    assert add_thumbnails(shop=shop).added == 0
    assert files_of(shop) == [after]


def test_a_killed_run_is_run_again(shop: Shop, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of_earlier_release(shop, product)

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(thumbnails, "_rename", killed)
        with pytest.raises(KeyboardInterrupt):
            add_thumbnails(shop=shop)
    assert files_of(shop) == [before]
    assert add_thumbnails(shop=shop).added == 1
    [after] = files_of(shop)
    assert all(map(default_storage.exists, picture_files(after)))


def test_a_picture_removed_meanwhile_leaves_no_files(
    shop: Shop, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of_earlier_release(shop, product)
    write = thumbnails._write_files

    def removed_meanwhile(folder: object, file: str) -> None:
        write(folder, file)  # type: ignore[arg-type]
        with schema_context(shop.schema_name):
            image = ProductImage.objects.get(file=file)
        remove_product_image(shop=shop, product_id=product.id, image_id=image.pk, now=NOW)

    monkeypatch.setattr(thumbnails, "_write_files", removed_meanwhile)
    assert add_thumbnails(shop=shop).added == 0
    assert not any(map(default_storage.exists, picture_files(name_with_thumbnail(before))))


def test_damaged_and_missing_files_and_those_of_nobody_are_left(shop: Shop, product: Product) -> None:
    damaged = of_earlier_release(shop, product, content=b"no picture")
    others = ["shops/0/products/x/lost-800.webp", f"shops/{shop.pk}/products/x/lost-800.webp", "demo/mug-800.webp"]
    for file in others:
        attach_image_file(shop=shop, product_id=product.id, file=file, alt="", now=NOW)
    said = io.StringIO()
    call_command("thumbnails", "--shop", shop.slug, stdout=said)
    assert said.getvalue().startswith("Pictures given a thumbnail: 0. Pictures whose file is missing or damaged")
    assert "named in the log: 2." in said.getvalue()
    assert files_of(shop) == [damaged, *others]
