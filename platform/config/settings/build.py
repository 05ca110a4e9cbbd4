"""Building an image: static files are collected without a database, Redis or secrets."""

from config.settings.base import *  # noqa: F403

ENVIRONMENT = "build"
SECRET_KEY = "used-while-files-are-copied-and-for-nothing-else"  # noqa: S105
SERVE_MEDIA = False
