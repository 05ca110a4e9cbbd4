"""Pictures are handed out as pictures, from their own folder alone."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404
from django.test import RequestFactory

from config.media import media_urls, show

pytestmark = pytest.mark.django_db  # closing an answer looks at the connections of its thread


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "tote.webp").write_bytes(b"RIFF")
    (tmp_path / "secrets.json").write_text("{}")
    return tmp_path


def test_a_picture_is_shown_and_nothing_in_it_runs(folder: Path, rf: RequestFactory) -> None:
    shown = show(rf.get("/media/tote.webp"), "tote.webp")

    assert shown.status_code == 200
    assert shown.headers["Content-Type"] == "image/webp"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "max-age" in shown.headers["Cache-Control"]
    shown.close()


@pytest.mark.parametrize("path", ["../secrets.json", "%2e%2e/secrets.json", "/etc/passwd", "", "nothing.webp"])
def test_nothing_else_is_shown(path: str, folder: Path, rf: RequestFactory) -> None:
    with pytest.raises((Http404, SuspiciousFileOperation)):
        show(rf.get("/media/"), path)


def test_a_proxy_may_do_it_instead(settings: Any) -> None:
    assert media_urls()
    settings.SERVE_MEDIA = False
    assert media_urls() == []
