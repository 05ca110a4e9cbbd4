"""Cost of the shop's role for a request on its host.

`python -m tests.bench.shop_role [--rounds N]`, on an embedded server of its own. The whole site answers through its
WSGI application and the connection pool, as in production. Requests with and without the role alternate, so that
neither side has the quieter machine; the first of each address are thrown away. Prints one JSON line: medians in
milliseconds, and the ratio over all addresses.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

TARGET = 1.05
WARM_UP = 5
PAGES = {
    "today": "/dashboard/",
    "products": "/dashboard/products/",
    "orders": "/dashboard/orders/?status=all",
    "balance": "/dashboard/balance/",
    "api_products": "/api/v1/products/",
    "api_orders": "/api/v1/vendor-orders/",
}
Ask = Callable[[str], float]


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=100)
    rounds: int = parser.parse_args().rounds
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.local"
    os.environ["LOG_LEVEL"] = "WARNING"
    os.environ["SHOP_ROLES"] = "on"
    from runtime import embedded
    from runtime.datadir import DataDir

    with tempfile.TemporaryDirectory(prefix="kasuwa-bench-") as folder:
        Path(folder).chmod(0o711)
        with embedded.hold(DataDir(Path(folder) / "data")) as held:
            os.environ.update(DATABASE_URL=held.database_url, REDIS_URL=held.redis_url)
            import django

            django.setup()
            report = _measure(rounds)
    sys.stdout.write(json.dumps(report) + "\n")
    return 0 if report["ratio"] <= TARGET else 1


def _measure(rounds: int) -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection

    ask = _asker()
    seconds: dict[tuple[str, str], list[float]] = {(name, role): [] for name in PAGES for role in ("on", "off")}
    for number in range(rounds + WARM_UP):
        for name, path in PAGES.items():
            for role in ("on", "off") if number % 2 else ("off", "on"):
                settings.SHOP_ROLES = role
                taken = ask(path)
                if number >= WARM_UP:
                    seconds[name, role].append(taken)
    provisioning = _provisioning(rounds)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    medians = {key: statistics.median(values) for key, values in seconds.items()}
    with_role, without = (sum(medians[name, role] for name in PAGES) for role in ("on", "off"))
    return {
        "ratio": round(with_role / without, 4),
        "target_ratio": TARGET,
        "rounds": rounds,
        "provision_milliseconds": provisioning,
        "milliseconds": {
            name: {role: round(medians[name, role] * 1000, 2) for role in ("on", "off")} for name in PAGES
        },
    }


def _provisioning(rounds: int) -> dict[str, float]:
    """Return the time to make a shop with a role and without."""
    from django.conf import settings
    from django.utils import timezone

    from tenants.life.provisioning import provision_shop

    taken: dict[str, list[float]] = {"on": [], "off": []}
    for number in range(rounds):
        for role in ("on", "off") if number % 2 else ("off", "on"):
            settings.SHOP_ROLES = role
            start = time.perf_counter()
            provision_shop(slug=f"made-{role}-{number}", name="Made", owner_id=None, now=timezone.now(), currency="NGN")
            taken[role].append(time.perf_counter() - start)
    return {role: round(statistics.median(values[1:]) * 1000, 1) for role, values in taken.items()}


def _asker() -> Ask:
    """A shop with thirty products and orders, and a way to ask its host as its owner and time the answer."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from rest_framework_simplejwt.tokens import AccessToken

    from accounts.sessions import SessionStore
    from tenants.schemas.migrations import migrate_public
    from tests.world.market import stock
    from tests.world.own_shop import member, paid_order, staffed

    migrate_public()
    own = staffed("indigo-fabrics")
    for number in range(30):
        paid_order(stock(own.shop, sku=f"SKU-{number}"))
    owner = member(own.shop)
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(owner.pk), owner.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session.save()
    connection.close()
    site = get_wsgi_application()
    environ = {
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": f"{own.shop.slug}.{settings.BASE_DOMAIN}",
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
        "HTTP_AUTHORIZATION": f"Bearer {AccessToken.for_user(owner)}",
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }

    def ask(address: str) -> float:
        path, _, query = address.partition("?")
        answers: list[str] = []
        start = time.perf_counter()
        response = site(
            {**environ, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO()},
            lambda status, _headers, _error=None: answers.append(status) or (lambda _data: None),
        )
        list(response)
        response.close()
        taken = time.perf_counter() - start
        if answers != ["200 OK"]:
            raise RuntimeError(f"{address}: {answers}")
        return taken

    return ask


if __name__ == "__main__":
    sys.exit(main())
