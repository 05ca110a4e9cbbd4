"""Variables that name the settings and the services, and what puts them into the environment."""

from __future__ import annotations

import os

from runtime import embedded
from runtime.datadir import DataDir, local_secrets

SETTINGS = "DJANGO_SETTINGS_MODULE"
LOCAL_SETTINGS = "config.settings.local"
PRODUCTION_SETTINGS = "config.settings.production"
ADDRESSES = ("DATABASE_URL", "REDIS_URL")


def export(data_dir: DataDir, held: embedded.EmbeddedServices) -> None:
    """Export settings to the environment; existing variables win."""
    for name, value in {
        "DATABASE_URL": held.database_url,
        "REDIS_URL": held.redis_url,
        **local_secrets(data_dir),
    }.items():
        if not os.environ.get(name):
            os.environ[name] = value
