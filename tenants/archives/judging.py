"""Checks of an archive's rows for rules that pages rely on and no constraint of a table enforces."""

from collections.abc import Collection, Iterator

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext
from psycopg import sql

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.text.sentences import with_one_stop
from tenants.archives.media import SHOP_COLUMNS, values_of
from tenants.archives.parts import faults_of_rows, pictures, uploads
from tenants.archives.reading import Archive
from tenants.errors import ArchiveError
from tenants.shops.files import readable_media, shop_uploads

VALUE_COLUMNS = sql.SQL(load_statement(__package__, "value_columns"))
# Limits of Python's moments, of exact numbers in JSON, and of the nesting in a shop's rows.
LIMITS = {
    "timestamptz": "{column} NOT BETWEEN '1900-01-01' AND '9000-01-01'",
    "date": "{column} NOT BETWEEN '1900-01-01' AND '9000-01-01'",
    "int8": "abs({column}) > 9007199254740992",
    "jsonb": "length({column}::text) > 20000 OR jsonb_path_exists({column}, '$.**{{4}}')",
}
BREAKS = sql.SQL("SELECT EXISTS (SELECT FROM {table} WHERE {limit})")
OTHERS = sql.SQL("SELECT EXISTS (SELECT FROM {table} WHERE NOT {column}::text = ANY(%s))")
SHOWN = 5


def check_values(schema_name: str) -> None:
    """Refuse moments, numbers and JSON that a page could not read.

    Raises:
        ArchiveError: some table holds such a value.
    """
    for table, column, kind in fetch_all(VALUE_COLUMNS.format(schema=sql.Literal(schema_name))):
        limit = sql.SQL(LIMITS[kind]).format(column=sql.Identifier(column))
        if fetch_all(BREAKS.format(table=sql.Identifier(schema_name, table), limit=limit)) == [(True,)]:
            raise ArchiveError(
                gettext("The archive's table %(table)s has a value in %(column)s that no shop's export writes.")
                % {"table": table, "column": column}
            )


def check_rows(schema_name: str) -> None:
    """Refuse rows that a shop's own pages would never have written; for archives that this market has not sealed.

    Raises:
        ArchiveError: there are such rows; the message names them.
    """
    faults = [*_unknown_choices(schema_name), *faults_of_rows(schema_name)]
    if faults:
        raise ArchiveError(
            with_one_stop(
                gettext("The archive holds what no shop could have: %(faults)s.")
                % {"faults": "; ".join(faults[:SHOWN])}
            )
        )


def foreign_names(archive: Archive, schema_name: str) -> list[str]:
    """Return names of files in the rows and the profile that are not the archive's: another shop's, or none at all."""
    shop_id = archive.manifest.identity.shop_id
    known = {*archive.pictures, *archive.manifest.missing_media}
    named = {str(archive.manifest.shop.get(column) or "") for column in SHOP_COLUMNS} - {""}
    for column in pictures():
        for value in values_of(schema_name, column.table, column.column):
            named |= {value, *column.files(value)}
    foreign = {name for name in named if not _is_the_archives(name, shop_id, known)}
    own = shop_uploads(shop_id)
    for each in uploads():
        foreign |= {name for name in values_of(schema_name, each.table, each.column) if not own.holds(name)}
    return sorted(foreign)


def _is_the_archives(name: str, shop_id: int, known: Collection[str]) -> bool:
    return name in known and readable_media(shop_id, name) is not None


def _unknown_choices(schema_name: str) -> Iterator[str]:
    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    for model in apps.get_models():
        for field in model._meta.concrete_fields if model._meta.app_label in labels else ():  # noqa: SLF001 - documented
            if not field.choices:
                continue
            table, column = sql.Identifier(schema_name, model._meta.db_table), sql.Identifier(str(field.column))  # noqa: SLF001
            known = [str(value) for value, _ in field.flatchoices]
            if fetch_all(OTHERS.format(table=table, column=column), [known]) == [(True,)]:
                yield (
                    gettext("%(db_table)s.%(column)s has a value that is not one of its choices")
                    % {"db_table": model._meta.db_table, "column": field.column}  # noqa: SLF001 - documented  # noqa: SLF001 - documented
                )
