"""The least that a Django and REST framework service needs; what our own pages and API are measured against."""

import os

import environ

SECRET_KEY = "a-key-for-measurements-only-that-is-long-enough"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["rest_framework", "tests.bench.floor"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = PUBLIC_SCHEMA_URLCONF = "tests.bench.floor.urls"
WEB_THREADS, WEB_WAITING, UPLOAD_MAX_BYTES = 5, 200, 32 * 1024 * 1024  # as the market's
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_database = environ.Env().db_url_config(os.environ["FLOOR_DATABASE_URL"])
_database["HOST"] = _database["HOST"] or _database["OPTIONS"].pop("host", "")
_database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "max_lifetime": 900, "timeout": 10}
DATABASES = {"default": {**_database, "ENGINE": "django.db.backends.postgresql"}}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
