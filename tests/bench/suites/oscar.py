"""The market beside django-oscar: the same Postgres server, web server and load; Oscar in an environment of its own.

Pages as browsers get them. An order is what each takes a guest at the least: two requests of the market's API, five
forms and pages of Oscar's. Search is the packages' own on both sides, which is Haystack's simple backend there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from catalogue.discovery.models import Listing
from runtime.up.probes import is_answering
from runtime.up.roles import WEB_WORKERS
from tests.bench import market
from tests.bench.core.measure import compare
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result
from tests.bench.core.stand import Stand, free_port, load, rate

SITE = Path(__file__).parents[1] / "oscar"
PACKAGES = ("django-oscar==4.2.1", "sorl-thumbnail", "granian", "psycopg[binary,pool]", "django<5.3")
INSTALL_SECONDS = 180
CLIENTS = 8
PAGES = {"list": ("/search/", "/catalogue/"), "search": ("/search/?q=indigo+tote", "/search/?q=indigo+tote")}
NOTE = (
    "pages as a browser gets them; an order is two requests to us and five to Oscar, which sells from one shop; "
    "Oscar's answers of 4xx and 5xx do not count, and are in the facts of its runs"
)


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure list, detail, search and checkout of both, unless Oscar can't be installed."""
    python = _environment(stand.folder / "oscar")
    if python is None:
        return
    stand.migrate()
    products = options.pick(2000, 40)
    goods = market.build(shops=options.pick(50, 4), products=products)
    stand.provider()
    ours = stand.web()
    theirs, details = _oscar(stand, python, products)
    listings = Listing.objects.filter(is_visible=True).order_by("id").values_list("id", flat=True)
    own = {"list": [PAGES["list"][0]], "search": [PAGES["search"][0]]}
    own["detail"] = [f"/products/{listing_id}/" for listing_id in listings[:200]]
    other = {"list": [PAGES["list"][1]], "search": [PAGES["search"][1]]}
    other["detail"] = details

    def ask(port: int, scenario: str, asked: dict[str, object]) -> Figure:
        seen = load(port=port, scenario=scenario, arguments=asked, clients=CLIENTS, seconds=options.seconds)
        return rate(seen, accepts=() if port == ours else ("failed", "refused"))

    for kind in ("list", "detail", "search"):
        yield compare(
            f"oscar/{kind}/{CLIENTS}-clients",
            partial(ask, ours, "read", {"host": stand.host, "paths": own[kind]}),
            partial(ask, theirs, "read", {"host": "localhost", "paths": other[kind]}),
            unit="pages/s",
            rounds=options.pick(3, 1),
            yardstick_name="django-oscar 4.2.1",
            note=NOTE,
        )

    yield compare(
        f"oscar/checkout/{CLIENTS}-clients",
        lambda: ask(ours, "checkout", {"host": stand.host, "shelves": goods.shelves(), "shops": 1}),
        lambda: ask(theirs, "oscar_order", {"host": "localhost", "products": products}),
        unit="orders/s",
        rounds=options.pick(3, 1),
        yardstick_name="django-oscar 4.2.1",
        note=NOTE,
    )


def _environment(folder: Path) -> Path | None:
    """Install Oscar into a throw-away environment; None, said aloud, where that can't be done."""
    uv = shutil.which("uv")
    if uv is None:
        sys.stdout.write("oscar is left out: `uv`, which makes its environment, is not here.\n")
        return None
    python = folder / "bin" / "python"
    own = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    for words in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES],
    ):
        try:
            done = subprocess.run(words, env=own, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            sys.stdout.write("oscar is left out: its environment takes too long to make.\n")
            return None
        if done.returncode:
            sys.stdout.write(f"oscar is left out: its environment can't be made.\n{done.stderr.strip()[-600:]}\n")
            return None
    return python


def _oscar(stand: Stand, python: Path, products: int) -> tuple[int, list[str]]:
    """Fill an Oscar shop on the same database server, and serve it as the market is served.

    Returns its port, and the addresses of some products.
    """
    address = urlsplit(stand.new_database("oscar"))
    own = {
        "DJANGO_SETTINGS_MODULE": "oscar_site",
        "PYTHONPATH": str(SITE),
        "OSCAR_DATABASE": address.path.lstrip("/"),
        "OSCAR_DATABASE_USER": address.username or "",
        "OSCAR_DATABASE_HOST": parse_qs(address.query).get("host", [address.hostname or ""])[0],
    }
    site = str(SITE / "oscar_site.py")
    seeded = subprocess.run(
        [str(python), site, "seed", str(products)],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    if seeded.returncode:
        raise RuntimeError(f"Oscar's shop was not filled:\n{seeded.stderr[-3000:]}")
    port = free_port()
    words = [str(python), site, "serve", str(port), str(WEB_WORKERS), str(settings.WEB_THREADS)]
    stand.process("oscar", words, lambda: is_answering(port), extra=own)
    return port, json.loads(seeded.stdout.splitlines()[-1])
