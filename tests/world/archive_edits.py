"""Archives that somebody edited: of each kind of value one that no export writes."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Files = dict[str, bytes]
Edit = Callable[[Files], None]
DEEP = "[" * 5_000 + "]" * 5_000
FAR = "7" * 5_000
FIELD = re.compile(r'("(?:[^"]|"")*"|[^,\n"]*)(?:,|\n)')
TEXTS = {
    "an empty manifest": "",
    "a manifest that is a list": "[]",
    "a manifest that is a number": "1",
    "a manifest nested deeply": DEEP,
    "a manifest with an endless number": '{"kind": ' + FAR + "}",
    "a manifest with no number": '{"kind": NaN}',
    "a manifest in another encoding": '{"kind": "\\ud800"}',
}
OF_MANIFEST: dict[str, list[Any]] = {
    "kind": [None, 7, ["kasuwa shop archive"]],
    "format": [None, "1", True, 1.0, 3, 0, [1]],
    "created_at": [None, 7, "yesterday", "2026-03-02", "9999-12-31T23:59:59+00:00", {}],
    "shop": [None, [], "indigo-fabrics", {}],
    "migrations": [
        None,
        {},
        "catalogue.0001_initial",
        [7],
        [None],
        [["a"]],
        ["../x"],
        [],
        ["catalogue.0002_stock_imports"],
    ],
    "tables": [None, [], {}, {"catalogue_product": None}, {"catalogue_product": "id"}, {"x; DROP TABLE y": ["id"]}],
    "files": [None, [], {}, {"README.txt": None}, {"README.txt": []}],
    "host": [7, ["x"]],
    "missing_media": [7, {"a": 1}, [7]],
}
OF_SHOP: dict[str, list[Any]] = {
    "id": ["abc", None, -1, 0, 2**70, 1.5, True, [], {}],
    "slug": [None, 7, "", "../up", "Indigo", "public", "a" * 300, "x\x00y", ["a"]],
    "schema_name": [None, 7, "public", "pg_catalog", 'shop_x"; DROP SCHEMA public', "restoring_x"],
    "created_at": [None, "x", 7, "0001-01-01T00:00:00+00:00", "2026-03-02T00:00:00"],
    "name": [None, 7, "", "n" * 500, "a\x00b", ["x"], {"x": 1}],
    "description": [7, None, [], "a\x00b", "d" * 300_000],
    "country": ["Nigeria", 7, None],
    "currency": [None, 7, "XXX", "ngn", []],
    "shipping_minor": ["5", -1, 2**70, 1.5, None, True],
    "contact_email": ["nobody", 7, "a\x00@b.example"],
    "contact_phone": ["1" * 400, 7],
    "logo": [7, ["x"], None, "x" * 400],
}
OF_A_FILE: dict[str, list[Any]] = {
    "bytes": [None, "7", -1, 2**70, 1.5],
    "rows": [None, "3", -1, 2**70],
    "sha256": [None, 7, "abc", "Z" * 64],
}
OF_ROWS = {
    "catalogue_product": {
        "id": ["7", "", "x"],
        "title": ["", "t" * 500],
        "category_id": ["abc", "9" * 30],
        "status": ["free", "s" * 40],
        "created_at": ["infinity", "-infinity", "294000-01-01 00:00:00+00", "0001-01-01 00:00:00+00 BC", "soon"],
        "deleted_at": ["infinity"],
    },
    "catalogue_variant": {
        "product_id": ["00000000-0000-0000-0000-000000000001"],
        "sku": ["", "SKU-1"],
        "options": [
            "",
            "7",
            "null",
            '"x"',
            '{"a": 1}',
            '{"a": {"b": "c"}}',
            '{"items": [1]}',
            '["x"]',
            DEEP,
            "{",
            '[["a", 1]]',
            '{"a": "1", "b": "2", "c": "3", "d": "4"}',
        ],
        "price_minor": ["0", "-5", "9" * 30, "9000000000000000", "1.5", "NaN", "2000000000000"],
        "compare_at_minor": ["1"],
        "position": ["-1", "99999"],
    },
    "catalogue_stocklevel": {
        "on_hand": ["-1", "3000000000", "x", "2147483647"],
        "reserved": ["-1", "11"],
        "variant_id": ["00000000-0000-0000-0000-000000000001"],
    },
    "catalogue_productimage": {
        "id": ["9223372036854775807", "x"],
        "position": ["-7"],
        "product_id": ["00000000-0000-0000-0000-000000000001"],
        "file": [
            "../secrets.json",
            "/etc/passwd",
            "shops/<other>/products/x-800.webp",
            "..\\x.webp",
            "shops/<shop>/../<other>/x.webp",
            "shops/<shop>/products/unknown-800.webp",
            "file:///etc/passwd",
            "demo/none.webp",
            "x" * 199,
            "a\tb.webp",
            "shops/<shop>/",
            "SHOPS/<other>/x.webp",
            "shops//<other>/x.webp",
            "./shops/<other>/x.webp",
            "exports/<other>/kept.zip",
        ],
    },
    "fulfilment_vendororder": {
        "status": ["eaten"],
        "stock_state": ["lost"],
        "shipping_address": ["[]", "7", '{"name": {"a": 1}}'],
        "currency": ["XXX"],
        "total_minor": ["1"],
        "placed_at": ["infinity"],
    },
    "fulfilment_vendororderline": {
        "image": ["shops/<other>/products/x-800.webp", "../../x"],
        "options": ["[1]", '{"a": []}'],
        "quantity": ["0"],
    },
    "catalogue_stockimport": {
        "file": ["exports/<other>/kept.zip", "shops/<other>/imports/x.csv", "../private/x", "applications/x.pdf"],
        "state": ["dreamt"],
    },
}


def in_manifest(change: Callable[[dict[str, Any]], None]) -> Edit:
    """Change what the manifest says."""

    def edit(files: Files) -> None:
        manifest = json.loads(files["manifest.json"])
        change(manifest)
        files["manifest.json"] = json.dumps(manifest).encode()

    return edit


def with_manifest(text: str) -> Edit:
    """Put another text in the manifest's place."""

    def edit(files: Files) -> None:
        files["manifest.json"] = text.encode()

    return edit


def set_in_manifest(*path: str, to: Any) -> Edit:
    """Give one value of the manifest another."""

    def change(manifest: dict[str, Any]) -> None:
        *parents, last = path
        place = manifest
        for name in parents:
            place = place[name]
        place[last] = to

    return in_manifest(change)


def without(*path: str) -> Edit:
    """Leave one value of the manifest out."""

    def change(manifest: dict[str, Any]) -> None:
        *parents, last = path
        place = manifest
        for name in parents:
            place = place[name]
        del place[last]

    return in_manifest(change)


def in_rows(table: str, column: str, value: str, *, row: int = 0) -> Edit:
    """Give one value of a table another."""

    def edit(files: Files) -> None:
        name = f"{table}.csv" if "/" in table else f"shop/{table}.csv"
        text = files[name].decode()
        columns = text.partition("\n")[0].split(",")
        fields = list(FIELD.finditer(text))  # as they stand: nothing and an empty text are not the same
        field = fields[len(columns) * (row + 1) + columns.index(column)]
        quoted = '"' + value.replace('"', '""') + '"'
        files[name] = (text[: field.start(1)] + quoted + text[field.end(1) :]).encode()

    return edit


def content(name: str, data: bytes) -> Edit:
    """Put other bytes into a file."""

    def edit(files: Files) -> None:
        assert name in files
        files[name] = data

    return edit


def appended(name: str, data: bytes) -> Edit:
    """Add bytes to the end of a file."""

    def edit(files: Files) -> None:
        files[name] += data

    return edit


def both(*edits: Edit) -> Edit:
    """Do one edit after the other."""

    def edit(files: Files) -> None:
        for each in edits:
            each(files)

    return edit


def manifests() -> Iterator[tuple[str, Edit]]:
    """Yield edits of the manifest, by what is wrong."""
    yield from ((name, with_manifest(text)) for name, text in TEXTS.items())
    tables = {(): OF_MANIFEST, ("shop",): OF_SHOP, ("files", "shop/catalogue_product.csv"): OF_A_FILE}
    for place, table in tables.items():
        for name, value in ((name, value) for name, values in table.items() for value in values):
            yield f"{'.'.join([*place, name])} = {str(value)[:40]!r}", set_in_manifest(*place, name, to=value)
    for name in ("kind", "format", "shop", "migrations", "tables", "files", "created_at"):
        yield f"no {name}", without(name)
    for name in ("id", "slug", "schema_name", "created_at", "name", "currency"):
        yield f"no shop.{name}", without("shop", name)
    columns: dict[str, list[Any]] = {"too few": ["id", "title"], "twice": ["id", "id"], "no names": ["id", 'x"; --', 7]}
    for name, value in columns.items():
        yield f"columns {name}", set_in_manifest("tables", "catalogue_product", to=value)


def rows() -> Iterator[tuple[str, Edit]]:
    """Yield edits of tables, by what is wrong."""
    for table, columns in OF_ROWS.items():
        for column, values in columns.items():
            for value in values:
                yield f"{table}.{column} = {value[:40]!r}", in_rows(table, column, value)
    product = "shop/catalogue_product.csv"
    yield "a table that is no text", content(product, b"\xff\xfe\x00\x01")
    yield "a table with a NUL", appended(product, b"\x00\n")
    yield "a table without rows or header", content(product, b"")
    yield "a table with half a quote", appended(product, b'"')
    yield "a table with a row too short", appended(product, b"1,2\n")
    yield "a table with the rows of another", content(product, b"id\n1\n")
    yield "references that are a list", content("public/references.json", b"[]")
    yield "references that are no JSON", content("public/references.json", b"{")
    yield "references nested deeply", content("public/references.json", DEEP.encode())
    yield "references by no number", content("public/references.json", b'{"catalogue_product.category_id": {"x": "y"}}')
    yield "references to a list", content("public/references.json", b'{"catalogue_product.category_id": {"1": ["y"]}}')
    yield "references that are texts", content("public/references.json", b'{"catalogue_product.category_id": "y"}')
    yield "orders without columns", content("public/sub_orders.csv", b"x\n1\n")
    yield "orders that are no text", content("public/sub_orders.csv", b"\xff\xfe")
    yield "orders with a NUL", content("public/sub_orders.csv", b"id,status\n\x00,x\n")
    yield "orders with half a quote", content("public/sub_orders.csv", b'id,status\n"x')
    yield "orders with a field of a megabyte", content("public/sub_orders.csv", b"id,status\nx," + b"y" * 2**20 + b"\n")
    yield "a ledger of words", content("public/ledger.csv", b"id,currency,amount_minor\nx,NGN,y\n")
    yield "the logo of another shop", set_in_manifest("shop", "logo", to="shops/<other>/profile/logo.webp")
    yield "a banner from above", set_in_manifest("shop", "banner", to="../secrets.json")
    yield "a logo that is not in it", set_in_manifest("shop", "logo", to="shops/<shop>/profile/logo.webp")


def edited(source: Path, target: Path, edit: Edit, **names: object) -> Path:
    """Write an archive again with an edit in it, its sizes and checksums put right where they can be.

    Args:
        names: what stands for `<shop>` and `<other>` in the edits.
    """
    with zipfile.ZipFile(source) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    files = dict(before)
    edit(files)
    for name, value in names.items():
        files = {file: data.replace(f"<{name}>".encode(), str(value).encode()) for file, data in files.items()}
    changed = {name: data for name, data in files.items() if before.get(name) != data and name != "manifest.json"}
    if changed:
        manifest = json.loads(files["manifest.json"])
        for name, data in changed.items():
            manifest["files"].setdefault(name, {}).update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        files["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target
