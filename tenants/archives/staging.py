"""The staging schema, in which an archive is loaded and compared before it replaces the shop's schema."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext
from psycopg import errors, sql

from kit.db.sql import execute, fetch_all
from tenants.archives.parts import Advance, references
from tenants.archives.reading import Archive
from tenants.archives.tables import (
    SAY_IT_THE_SAME,
    TableShape,
    copy_in,
    copy_out,
    rows_of,
    set_sequences,
    shapes_of,
)
from tenants.errors import ArchiveError
from tenants.schemas.artefact import load_artefact, replay
from tenants.schemas.graph import needed_migrations, required_by
from tenants.schemas.migrator import SchemaMigrator

PREFIX = "restoring_"
UPDATE_REFERENCE = sql.SQL("""
UPDATE {table} t SET {column} = m.here
  FROM unnest(%s::bigint[], %s::bigint[]) AS m (there, here)
 WHERE t.{column} = m.there
""")
# Errors of PostgreSQL for rows that a table cannot take, beside wrong values and broken constraints.
TOO_MUCH = (errors.ProgramLimitExceeded, errors.StatementTooComplex)
FORGET_REFERENCES = sql.SQL("UPDATE {table} SET {column} = NULL WHERE {column} = ANY(%s)")
FORGET_OTHERS = sql.SQL("UPDATE {table} SET {column} = NULL WHERE NOT {column} = ANY(%s::bigint[])")
SHOWN = 5


def staging_name(schema_name: str) -> str:
    """Return the name of a shop's staging schema; no slug leads to it."""
    return PREFIX + schema_name.removeprefix("shop_")


def leftovers() -> list[str]:
    """Return the schemas that killed restores left; the next restore of the same shop removes its own."""
    query = sql.SQL("SELECT nspname FROM pg_namespace WHERE nspname ^@ {} ORDER BY 1").format(sql.Literal(PREFIX))
    return [name for (name,) in fetch_all(query)]


def drop_schema(schema_name: str) -> bool:
    """Remove a schema and all that is in it; return whether there was one."""
    query = sql.SQL("SELECT 1 FROM pg_namespace WHERE nspname = {}").format(sql.Literal(schema_name))
    if not fetch_all(query):
        return False
    execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema_name)))
    return True


def check_migrations(archive: Archive) -> None:
    """Refuse an archive that this release cannot bring up to its own tables.

    Raises:
        ArchiveError: it is from a newer release, or from one whose migrations are no longer known.
    """
    applied, needed = archive.manifest.migrations, needed_migrations()
    if applied == needed:
        return
    if unknown := sorted(applied - needed):
        raise ArchiveError(
            gettext(
                "The archive comes from a release whose migrations are not known here: %(unknown)s. "
                "Restore it with that release or a newer one."
            )
            % {"unknown": ", ".join(unknown[:SHOWN])}
        )
    if left_out := sorted(required_by(applied) - applied):
        raise ArchiveError(
            gettext("The archive's migrations are not those of any release: it lacks %(left_out)s.")
            % {"left_out": left_out[0]}
        )


def load_staging(archive: Archive, schema_name: str, advance: Advance) -> None:
    """Create the schema in the archive's version, fill it, compare it, and migrate it.

    Raises:
        ArchiveError: the tables differ from the manifest; the schema is left for the next run.
    """
    applied = archive.manifest.migrations
    is_of_this_version = applied == needed_migrations()  # then no migration is read, which takes a tenth of a second
    with transaction.atomic():
        drop_schema(schema_name)
        if is_of_this_version:
            replay(schema_name, load_artefact())
        else:
            execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema_name)))
    if not is_of_this_version:
        SchemaMigrator().migrate(schema_name, only=applied)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SAY_IT_THE_SAME)
        _fill(archive, schema_name, advance)
    if not is_of_this_version:
        SchemaMigrator().migrate(schema_name)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal of PostgreSQL within the block into an error about the archive's rows.

    Raises:
        ArchiveError: the database refuses a value, a key, a count or a size.
    """
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise _refused(error) from error
    except OperationalError as error:
        if isinstance(error.__cause__, TOO_MUCH):
            raise _refused(error) from error
        raise


def _refused(error: Exception) -> ArchiveError:
    reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return ArchiveError(gettext("The archive's rows are not those of a shop: %(reason)s") % {"reason": reason})


def translate_references(archive: Archive, schema_name: str) -> list[str]:
    """Replace ids of public rows by those that the rows have here; return the names that are unknown here."""
    said = archive.references()
    report = []
    for reference in references():
        keys = said.get(reference.name, {})
        here = reference.ids(set(keys.values()))
        names = {
            "table": sql.Identifier(schema_name, reference.table),
            "column": sql.Identifier(reference.column),
        }
        unknown = sorted(there for there, key in keys.items() if key not in here)
        if unknown:
            execute(FORGET_REFERENCES.format(**names), [unknown])
            report += [
                (
                    gettext("%(reference)s: %(keys)s is not known here; left empty.")
                    % {"reference": reference.name, "keys": repr(keys[there])}
                )
                for there in unknown
            ]
        execute(FORGET_OTHERS.format(**names), [list(keys)])
        moved = {there: here[key] for there, key in keys.items() if key in here and here[key] != there}
        if moved:
            execute(UPDATE_REFERENCE.format(**names), [list(moved), list(moved.values())])
    return report


def _fill(archive: Archive, schema_name: str, advance: Advance) -> None:
    shapes = {table.name: table for table in shapes_of(schema_name)}
    tables = archive.manifest.tables
    if different := sorted(tables.keys() ^ shapes.keys()):
        raise ArchiveError(
            gettext("The archive's tables are not those that its migrations make: %(different)s.")
            % {"different": ", ".join(different[:SHOWN])}
        )
    for name in sorted(tables):
        table = shapes[name]
        if set(tables[name]) != set(table.columns):
            raise ArchiveError(
                gettext("The archive's table %(name)s does not have the columns that its migrations make.")
                % {"name": name}
            )
        copy_in(schema_name, name, tables[name], archive.table(f"shop/{name}.csv"))
        set_sequences(schema_name, table)
        _compare(archive, schema_name, table)
        advance()


def _compare(archive: Archive, schema_name: str, table: TableShape) -> None:
    """Read the table back: it must equal the archive's, byte for byte."""
    name = f"shop/{table.name}.csv"
    as_written = TableShape(table.name, tuple(archive.manifest.tables[table.name]), table.key, table.identities)
    digest = hashlib.sha256()
    written = copy_out(
        rows_of(schema_name, as_written), digest.update, has_plain_cells=archive.manifest.has_plain_cells
    )
    expected = archive.manifest.files[name]
    if (written.rows, written.sha256) != (expected.rows, expected.sha256):
        raise ArchiveError(gettext("%(name)s came out of the database otherwise than it went in.") % {"name": name})
