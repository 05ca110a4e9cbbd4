"""Buckets are named by the environment: addresses, content policy, storages, and refusals in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.architecture.sources import ROOT

READ = """
import json
from config.settings import local
img = local.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]
storages = {name: local.STORAGES[name] for name in ("default", "private")}
print(json.dumps({"media": local.MEDIA_URL, "img": img, "storages": storages}, default=str))
"""
WITHOUT_PACKAGE = "import sys; sys.modules[{name!r}] = None\n{rest}"


def start(script: str = READ, **variables: str) -> subprocess.CompletedProcess[str]:
    """Read the local settings in a process that has these variables."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", **variables}
    return subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def read(**variables: str) -> dict[str, Any]:
    ended = start(**variables)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_without_names_files_stay_in_folders() -> None:
    found = read(S3_REGION="eu-west-1", S3_ENDPOINT_URL="https://s3.example")
    assert found["media"] == "/media/"
    assert found["img"] == ["'self'", "data:"]
    assert {storage["BACKEND"] for storage in found["storages"].values()} == {
        "django.core.files.storage.FileSystemStorage"
    }


@pytest.mark.parametrize(
    ("variables", "address", "endpoint", "style"),
    [
        ({}, "https://kasuwa-pictures.s3.us-east-1.amazonaws.com/", "https://s3.us-east-1.amazonaws.com", "virtual"),
        (
            {"S3_REGION": "af-south-1"},
            "https://kasuwa-pictures.s3.af-south-1.amazonaws.com/",
            "https://s3.af-south-1.amazonaws.com",
            "virtual",
        ),
        (
            {"S3_ENDPOINT_URL": "https://s3.example:9000/"},
            "https://s3.example:9000/kasuwa-pictures/",
            "https://s3.example:9000",
            "path",
        ),
        (
            {"S3_ENDPOINT_URL": "https://s3.example", "MEDIA_BUCKET_URL": "https://cdn.example/goods/"},
            "https://cdn.example/goods/",
            "https://s3.example",
            "path",
        ),
    ],
)
def test_pictures_and_private_files_go_to_the_named_buckets(
    variables: dict[str, str], address: str, endpoint: str, style: str
) -> None:
    found = read(MEDIA_BUCKET="kasuwa-pictures", PRIVATE_BUCKET="kasuwa-private", **variables)
    assert found["media"] == address
    assert found["img"] == ["'self'", "data:", address]
    options = {name: storage["OPTIONS"] for name, storage in found["storages"].items()}
    assert {name: (each["bucket_name"], each["querystring_auth"]) for name, each in options.items()} == {
        "default": ("kasuwa-pictures", False),
        "private": ("kasuwa-private", True),
    }
    assert {(each["endpoint_url"], each["addressing_style"]) for each in options.values()} == {(endpoint, style)}
    shown = f"{options['default']['url_protocol']}//{options['default']['custom_domain']}/"
    assert shown == address


@pytest.mark.parametrize(("variable", "other"), [("MEDIA_BUCKET", "private"), ("PRIVATE_BUCKET", "default")])
def test_each_bucket_may_be_used_without_the_other(variable: str, other: str) -> None:
    found = read(**{variable: "kasuwa-files"})
    assert found["storages"][other]["BACKEND"].endswith("FileSystemStorage")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"MEDIA_BUCKET": "kasuwa", "PRIVATE_BUCKET": "kasuwa"}, "must be two buckets"),
        ({"MEDIA_BUCKET": "My Bucket"}, "MEDIA_BUCKET must be a bucket's name"),
        ({"PRIVATE_BUCKET": "https://s3.example/kasuwa"}, "PRIVATE_BUCKET must be a bucket's name"),
        ({"MEDIA_BUCKET": "shop.example.com"}, "MEDIA_BUCKET must be a bucket's name"),
        ({"MEDIA_BUCKET": "kasuwa", "S3_ACCESS_KEY": "AKID"}, "Set both S3_ACCESS_KEY and S3_SECRET_KEY"),
        ({"MEDIA_BUCKET": "kasuwa", "S3_ENDPOINT_URL": "s3.example"}, "S3_ENDPOINT_URL must be an address"),
        ({"MEDIA_BUCKET": "kasuwa", "MEDIA_BUCKET_URL": "https://u:secret@cdn"}, "MEDIA_BUCKET_URL must be an address"),
        ({"MEDIA_BUCKET": "kasuwa", "MEDIA_BUCKET_URL": "https://cdn.example/?x"}, "MEDIA_BUCKET_URL must be"),
        ({"MEDIA_BUCKET": "kasuwa", "MEDIA_BUCKET_URL": "https://c.example;x"}, "MEDIA_BUCKET_URL must be"),
    ],
)
def test_settings_that_cannot_work_are_refused(variables: dict[str, str], sentence: str) -> None:
    ended = start(**variables)
    assert ended.returncode != 0
    assert sentence in ended.stderr.splitlines()[-1]
    assert "secret" not in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("package", ["storages", "boto3"])
@pytest.mark.parametrize("variable", ["MEDIA_BUCKET", "PRIVATE_BUCKET"])
def test_a_bucket_without_the_packages_is_refused_and_the_remedy_named(package: str, variable: str) -> None:
    script = WITHOUT_PACKAGE.format(name=package, rest=READ)
    ended = start(script, **{variable: "kasuwa-files"})
    assert ended.returncode != 0
    assert "uv sync --extra s3" in ended.stderr.splitlines()[-1]
    assert start(script).returncode == 0  # nobody needs them otherwise


def test_the_packages_are_not_imported_where_no_bucket_is_named() -> None:
    script = "import sys, django\ndjango.setup()\nprint(sorted({'storages', 'boto3', 'botocore'} & set(sys.modules)))"
    assert start(script, DJANGO_SETTINGS_MODULE="config.settings.local").stdout.strip() == "[]"
