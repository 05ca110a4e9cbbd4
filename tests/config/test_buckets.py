"""Files in buckets: pictures that everybody loads, private files behind addresses that are signed and soon over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context
from PIL import Image
from rest_framework.test import APIClient

from catalogue.models import ProductImage
from config.middleware import ContentPolicyMiddleware
from config.settings.parts import files as settings_files
from demo.pictures import copy_to_bucket
from kit.db.timeouts import UnreachableError
from kit.files import MEDIA, PRIVATE, SIGNED_SECONDS, Folder, full_media_url, media_url
from tenants.archives import clone_shop, restore_archive
from tenants.archives.jobs import make_export, request_export
from tenants.life.deletion import delete_media
from tenants.models import ApplicationDocument, Shop, ShopApplication, ShopEvent, ShopEventKind, ShopExport, ShopStatus
from tests.world import imports
from tests.world.applications import PDF, add_paper, scan, started
from tests.world.archives import exported, furnished_shop, set_status
from tests.world.clock import NOW
from tests.world.market import open_shop, stock
from tests.world.own_shop import api, member, page_client
from tests.world.s3 import ACCESS_KEY, S3, SECRET_KEY, serving_s3

PICTURES, DOCUMENTS = "kasuwa-pictures", "kasuwa-private"
OVER = timedelta(seconds=SIGNED_SECONDS + 2)


@pytest.fixture
def s3(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """An S3 that the market keeps its files in."""
    with serving_s3(public=PICTURES) as served:
        use(served, settings, monkeypatch)
        yield served


def use(served: S3, settings: Any, monkeypatch: pytest.MonkeyPatch, *, secret: str = SECRET_KEY) -> None:
    named = {"MEDIA_BUCKET": PICTURES, "PRIVATE_BUCKET": DOCUMENTS, "S3_ENDPOINT_URL": served.origin}
    for name, value in {**named, "S3_ACCESS_KEY": ACCESS_KEY, "S3_SECRET_KEY": secret}.items():
        monkeypatch.setattr(settings_files, name, value)
        setattr(settings, name, value)
    settings.MEDIA_URL = settings_files.media_url()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": settings_files.pictures(otherwise={}),
        "private": settings_files.private_files(otherwise={}),
    }


def photo() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (900, 700), (120, 40, 90)).save(content, "PNG")
    return SimpleUploadedFile("tote.png", content.getvalue(), content_type="image/png")


@pytest.mark.usefixtures("live_database")
def test_an_uploaded_picture_is_loaded_from_the_bucket_by_everybody(s3: S3) -> None:
    shop = open_shop("cloth-hall")
    goods, caller = stock(shop), api(shop, member(shop))
    made = caller.post(
        f"/api/v1/products/{goods.product_id}/images/", {"image": photo(), "alt": "A tote"}, format="multipart"
    )
    assert made.status_code == 201, made.content
    assert len(s3.keys(PICTURES)) == 3
    address = made.json()["data"]["url"]
    assert address.startswith(f"{s3.origin}/{PICTURES}/shops/{shop.pk}/products/")
    loaded = httpx.get(address)
    assert (loaded.status_code, loaded.headers["Content-Type"]) == (200, "image/webp")
    assert loaded.headers["Cache-Control"] == "public, max-age=86400"
    assert Image.open(io.BytesIO(loaded.content)).size[0] == 800

    listed = APIClient(HTTP_HOST="kasuwa.localhost").get(f"/api/v1/listings/{goods.product_id}/").json()["data"]
    assert listed["images"][0]["url"] == address
    page = Client(HTTP_HOST="kasuwa.localhost").get("/search/").content.decode()
    assert address.replace("-800.webp", "-400.webp") in page

    [image] = (made.json()["data"]["id"],)
    assert caller.delete(f"/api/v1/products/{goods.product_id}/images/{image}/").status_code == 204
    assert s3.keys(PICTURES) == []


def test_addresses_have_the_bucket_s_host_and_earlier_ones_lead_there(s3: S3, db: None, settings: Any) -> None:
    name = "shops/7/profile/logo-1.webp"
    assert media_url(name) == full_media_url(name) == f"{s3.origin}/{PICTURES}/{name}"
    assert storages["default"].url(name) == media_url(name)
    assert media_url("../kasuwa-private/x") == ""

    from config.media import media_urls, redirect_to_bucket

    assert [pattern.callback for pattern in media_urls()] == [redirect_to_bucket]
    moved = redirect_to_bucket(None, name)  # type: ignore[arg-type]
    assert (moved.status_code, moved.headers["Location"]) == (301, media_url(name))


def test_the_content_policy_allows_the_bucket_s_pictures_and_no_other_host_s(rf: Any, settings: Any) -> None:
    from django.http import HttpResponse

    policy = settings.CONTENT_SECURITY_POLICY
    sources = ["'self'", "data:", "https://pictures.example/goods/"]
    settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": {**policy["DIRECTIVES"], "img-src": sources}}
    answer = ContentPolicyMiddleware(lambda _: HttpResponse())(rf.get("/"))
    assert "img-src 'self' data: https://pictures.example/goods/;" in f"{answer.headers['Content-Security-Policy']};"


def test_a_document_is_given_by_an_address_that_is_signed_and_soon_over(
    s3: S3, db: None, paystack: Any, client: Client
) -> None:
    client.post("/sell/apply/", {"shop_name": "Oshogbo Batik", "slug": "oshogbo-batik", "what_is_sold": "Batik.",
                                 "country": "NG", "currency": "NGN", "email": "sade@example.com"})  # fmt: skip
    application = ShopApplication.objects.get()
    page = f"/sell/apply/{application.pk}/documents/"
    client.post(page, {"kind": "identity", "file": SimpleUploadedFile("pass port.png", scan())})
    document = ApplicationDocument.objects.get()
    assert s3.keys(DOCUMENTS) == [document.file]
    assert s3.keys(PICTURES) == []
    assert httpx.get(f"{s3.origin}/{DOCUMENTS}/{document.file}").status_code == 403

    led = client.get(f"{page}{document.pk}/")
    assert led.status_code == 302
    assert {"private", "no-store"} <= set(led.headers["Cache-Control"].split(", "))
    address = led.headers["Location"]
    given = httpx.get(address)
    assert (given.status_code, given.content) == (200, scan())
    assert given.headers["Content-Type"] == "image/png"
    assert given.headers["Content-Disposition"] == 'inline; filename="pass port.png"'

    assert httpx.get(address.replace("identity", "x").replace("image%2Fpng", "text%2Fhtml")).status_code == 403
    s3.ahead = OVER
    assert httpx.get(address).status_code == 403
    assert Client().get(f"{page}{document.pk}/").status_code in (302, 404)
    assert s3.origin not in Client().get(f"{page}{document.pk}/").headers.get("Location", "")

    assert client.post(f"{page}{document.pk}/remove/").status_code == 302
    s3.ahead = timedelta(0)


def test_a_paper_over_the_api_is_led_to_as_described(s3: S3, db: None, api_client: APIClient) -> None:
    application = started()
    document = add_paper(application, PDF)
    path = f"/api/v1/applications/{application.pk}/documents/{document.pk}/"
    led = api_client.get(path, headers={"X-Application-Key": application.access_key})
    assert led.status_code == 302, led.content
    given = httpx.get(led.headers["Location"])
    assert given.content == PDF
    assert given.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_gone_is_not_found(s3: S3, db: None, settings: Any) -> None:
    folder = Folder(PRIVATE, "applications/1/")
    assert not folder.exists("applications/1/x.pdf")
    with pytest.raises(FileNotFoundError):
        folder.open("applications/1/x.pdf")
    assert folder.signed_address("applications/2/x.pdf", parameters={}) == ""


@pytest.mark.usefixtures("live_database")
def test_an_archive_is_made_into_the_bucket_and_downloaded_from_it(s3: S3) -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    owner = member(shop)
    export = request_export(shop_id=shop.pk, actor_id=owner.pk, now=timezone.now())
    make_export(export_id=export.pk, now=timezone.now())
    export = ShopExport.objects.get()
    assert s3.keys(DOCUMENTS) == [export.file]
    for client, path in (
        (page_client(shop, owner), f"/dashboard/settings/export/{export.pk}/download/"),
        (api(shop, owner), f"/api/v1/exports/{export.pk}/file/"),
    ):
        led = client.get(path)
        assert led.status_code == 302
        given = httpx.get(led.headers["Location"])
        assert given.headers["Content-Disposition"].startswith('attachment; filename="indigo-fabrics')
        assert zipfile.is_zipfile(io.BytesIO(given.content))
    assert ShopEvent.objects.filter(kind=ShopEventKind.EXPORT_DOWNLOADED).count() == 2
    s3.objects.pop(f"{DOCUMENTS}/{export.file}")
    assert api(shop, owner).get(f"/api/v1/exports/{export.pk}/file/").json()["code"] == "export_not_there"
    assert ShopEvent.objects.filter(kind=ShopEventKind.EXPORT_DOWNLOADED).count() == 2


@pytest.mark.usefixtures("live_database")
def test_a_shop_is_cloned_exported_restored_and_deleted_with_its_pictures(s3: S3, tmp_path: Path) -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    before = {name: content for name, (content, _) in s3.objects.items()}
    assert len(before) == 9
    clone = clone_shop(shop_id=shop.pk, slug="indigo-two", name="Indigo Two", now=NOW)
    with schema_context(clone.schema_name):
        copied = set(ProductImage.objects.values_list("file", flat=True))
    assert copied < set(s3.keys(PICTURES))
    assert set(Folder(MEDIA, f"shops/{clone.pk}/").names()) >= copied

    archive = exported(shop, tmp_path / "shop.zip")
    assert archive.missing == ()
    for name in before:
        del s3.objects[name]
    set_status(shop, ShopStatus.SUSPENDED)
    restore_archive(path=archive.path, now=NOW, may_replace=True)
    assert {name: s3.objects[name][0] for name in before} == before

    set_status(shop, ShopStatus.DELETED)
    assert delete_media(shop_id=shop.pk) == 9
    assert {name.split("/")[2] for name in s3.objects} == {str(clone.pk)}


@pytest.mark.usefixtures("live_database")
def test_an_imported_table_is_kept_in_the_private_bucket(s3: S3) -> None:
    shop = open_shop("cloth-hall")
    stock(shop, sku="TOTE-1")
    made = imports.upload(shop, "sku,on hand\nTOTE-1,25\n")
    assert (made.rows, made.faulty, s3.keys(DOCUMENTS)) == (1, 0, [made.file])


def test_the_demo_s_pictures_are_copied_once(s3: S3, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    for name in ("tote-800.webp", "tote-400.webp"):
        (tmp_path / "demo" / name).write_bytes(name.encode())
    for _ in range(2):
        copy_to_bucket(tmp_path)
    assert s3.keys(PICTURES) == ["demo/tote-400.webp", "demo/tote-800.webp"]
    assert len([request for request in s3.requests if request.startswith("PUT")]) == 2


def test_files_of_any_size_come_back_and_none_is_overwritten(s3: S3) -> None:
    folder = Folder(PRIVATE, "exports/7/")
    content = bytes(range(256)) * 40_000  # 10 MB: sent in parts
    assert folder.save("exports/7/x.zip", ContentFile(content)) == "exports/7/x.zip"
    assert any("uploadId" in request for request in s3.requests)
    with folder.open("exports/7/x.zip") as file:
        s3.is_failing = True  # what is open has been fetched
        assert file.read() == content
    s3.is_failing = False
    other = folder.save("exports/7/x.zip", ContentFile(b"other"))
    assert other != "exports/7/x.zip"
    assert s3.objects[f"{DOCUMENTS}/exports/7/x.zip"][0] == content
    assert sorted(folder.names()) == sorted(["exports/7/x.zip", other])


def test_a_wrong_key_gets_nothing(s3: S3, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without a good signature nothing is written or read."""
    Folder(PRIVATE, "exports/7/").save("exports/7/x.zip", ContentFile(b"x"))
    use(s3, settings, monkeypatch, secret="another")
    folder = Folder(PRIVATE, "exports/7/")
    with pytest.raises(UnreachableError):
        folder.save("exports/7/y.zip", ContentFile(b"y"))
    with pytest.raises(UnreachableError):
        folder.open("exports/7/x.zip")
    assert httpx.get(folder.signed_address("exports/7/x.zip", parameters={})).status_code == 403
    assert s3.keys(DOCUMENTS) == ["exports/7/x.zip"]


@pytest.mark.usefixtures("live_database")
def test_a_bucket_that_fails_is_met_with_try_again_and_nothing_is_kept(s3: S3) -> None:
    shop = open_shop("cloth-hall")
    goods, caller = stock(shop), api(shop, member(shop))
    s3.is_failing = True
    refused = caller.post(f"/api/v1/products/{goods.product_id}/images/", {"image": photo()}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused.headers["Retry-After"]
    with schema_context(shop.schema_name):
        assert not ProductImage.objects.exists()
    assert s3.objects == {}
    assert Shop.objects.get(pk=shop.pk).logo == ""
