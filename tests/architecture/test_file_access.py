"""Files are opened, written and deleted in one place, which holds each name against its owner's folder."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kit.files import MEDIA, Folder, is_plain_name, media_url
from tenants.shops.files import readable_media, shop_media
from tests.architecture.sources import ROOT, nodes, python_files

PLACE = ROOT / "platform/kit/files.py"
STORAGES = "django.core.files.storage"


def touches_a_storage(path: Path) -> bool:
    """Return whether a module imports Django's storages."""
    return any(
        isinstance(node, ast.ImportFrom) and (node.module or "").startswith(STORAGES)
        for node in nodes(path.read_text(encoding="utf-8"))
    )


def test_storages_are_reached_in_one_place() -> None:
    assert [path for path in python_files() if touches_a_storage(path)] == [PLACE]


def test_another_place_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("def f():\n    from django.core.files.storage import default_storage\n")
    assert touches_a_storage(module)


@pytest.mark.parametrize(
    "name",
    [
        "", "/", "shops/7", "shops/7/", "/shops/7/x.webp", "shops/8/x.webp", "shops/77/x.webp", "shops/7/../8/x.webp",
        "shops/7/..", "./shops/7/x.webp", "shops//7/x.webp", "shops/7//x.webp", "shops\\7\\x.webp", "shops/7/x\n.webp",
        "shops/7/x.webp\n", "shops/7/x\x00.webp", "shops/7/.x.webp", "Shops/7/x.webp", "shops/7/" + "x" * 300,
        "file:///shops/7/x", "shops/7/%2e%2e/x", "shops/7/\u202ex.webp", "demo/x.webp",
    ],
)  # fmt: skip
def test_a_name_outside_the_folder_is_nobody_s(name: str) -> None:
    folder = shop_media(7)
    assert not folder.holds(name)
    assert not folder.exists(name)
    assert folder.delete(name) is False
    with pytest.raises(FileNotFoundError):
        folder.open(name)


def test_a_shop_reads_its_own_pictures_and_those_of_no_shop() -> None:
    assert shop_media(7).holds("shops/7/products/a-b/c_d-800.webp")
    assert readable_media(7, "shops/7/x.webp") == shop_media(7)
    assert readable_media(7, "demo/x.webp") == Folder(MEDIA, "demo/")
    assert [readable_media(7, name) for name in ("shops/8/x.webp", "x.webp", "../x.webp", "")] == [None] * 4
    assert (is_plain_name("demo/x.webp"), media_url("../secrets.json"), media_url("")) == (True, "", "")
