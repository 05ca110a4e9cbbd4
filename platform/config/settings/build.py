"""Building an image: static files are collected without a database, Redis or secrets."""

from config.settings.base import *  # noqa: F403
from config.settings.parts.published import BUILD_SECRET_KEY

ENVIRONMENT = "build"
SECRET_KEY = BUILD_SECRET_KEY
SERVE_MEDIA = False
