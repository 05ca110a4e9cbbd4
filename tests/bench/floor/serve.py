"""The yardstick's web server: the market's own, with another application in it."""

from __future__ import annotations

import os
import sys


def application_factory() -> object:
    """Load Django with the yardstick's settings."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from kit.web.front import Front

    return Front(get_wsgi_application(), threads=settings.WEB_THREADS, waiting=settings.WEB_WAITING)


def main(port: int) -> None:
    """Serve as `runtime.up.roles.web` does: the same server, workers and threads."""
    from unittest.mock import patch

    from granian.server import Server

    from runtime.up import roles

    def with_our_application(_target: str, **options: object) -> Server:
        return Server("tests.bench.floor.serve:application", **options)

    with patch("granian.server.Server", with_our_application):
        roles.web(host="127.0.0.1", port=port)


os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.floor.settings"
if __name__ == "__main__":
    main(int(sys.argv[1]))
else:
    application = application_factory()
