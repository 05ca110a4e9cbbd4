"""Addresses of pictures are the storage's own."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from catalogue.selectors.pictures import picture_url, small_picture_url


@pytest.mark.parametrize(
    "file",
    ["shops/1/products/0199f2c1-7c1e/kf0-800.webp", "demo/indigo-tote-800.webp", "a.b.webp"],
)
@pytest.mark.parametrize("base", ["/media/", "https://pictures.example/m/"])
def test_an_address_is_what_the_storage_says(file: str, base: str, settings: Any) -> None:
    settings.MEDIA_URL = base
    assert picture_url(file) == default_storage.url(file)


@pytest.mark.parametrize("file", ["a b.webp", "ọṣẹ.webp", "x/../y.webp", "../y.json", "/top.webp", "a//b.webp"])
def test_a_name_that_no_file_of_ours_has_leads_nowhere(file: str) -> None:
    assert picture_url(file) == ""


def test_nothing_has_no_address() -> None:
    assert (picture_url(""), small_picture_url("")) == ("", "")
    assert small_picture_url("a/b-800.webp").endswith("/a/b-400.webp")
