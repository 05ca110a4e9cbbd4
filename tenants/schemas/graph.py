"""Migrations that belong to the shops' schemas."""

import ast
import hashlib
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

Key = tuple[str, str]


@lru_cache(maxsize=1)
def shop_labels() -> tuple[str, ...]:
    """Return the labels of the apps whose tables live in each shop's schema."""
    return tuple(config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS)


def shop_leaves(loader: MigrationLoader) -> list[Key]:
    """Return the newest migrations of the shop apps."""
    return [key for label in shop_labels() for key in loader.graph.leaf_nodes(label)]


def shop_migrations(loader: MigrationLoader) -> frozenset[Key]:
    """Return all migrations of the shop apps."""
    labels = shop_labels()
    return frozenset(key for key in loader.graph.nodes if key[0] in labels)


def migrations_digest() -> str:
    """Return a hash over the code of the shop apps' migrations; comments and layout don't count."""
    digest = hashlib.sha256()
    for config in apps.get_app_configs():
        if config.name in settings.TENANT_APPS:
            for folder in import_module(f"{config.name}.migrations").__path__:
                for path in sorted(Path(folder).glob("[0-9]*.py")):
                    code = ast.unparse(ast.parse(path.read_text(encoding="utf-8")))
                    digest.update(f"{config.label}/{path.name}\n{code}\n".encode())
    return digest.hexdigest()[:16]


def required_by(names: frozenset[str]) -> frozenset[str]:
    """Return the migrations of the shop apps that some of them, named as `app.name`, need to have run before."""
    graph, labels = MigrationLoader(None).graph, shop_labels()
    parents = (
        parent.key for key in graph.nodes if f"{key[0]}.{key[1]}" in names for parent in graph.node_map[key].parents
    )
    return frozenset(f"{key[0]}.{key[1]}" for key in parents if key[0] in labels)


@lru_cache(maxsize=1)
def needed_migrations() -> frozenset[str]:
    """Return the migrations that this process's code needs in every shop's schema, as `app.name`; read once."""
    return frozenset(f"{app}.{name}" for app, name in shop_migrations(MigrationLoader(None)))
