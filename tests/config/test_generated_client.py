"""A client generated from the description, which a guest buys and pays with."""

from __future__ import annotations

import importlib
import json
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone

from checkout.models import Order, Payment
from checkout.payments.confirm_payment import confirm_payment
from paystack_sandbox.testing import SandboxProcess
from tests.architecture.sources import ROOT
from tests.world.clock import NOW
from tests.world.described import URLCONFS, description_of
from tests.world.in_process import in_process
from tests.world.live_site import LiveSite
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay

TYPESCRIPT = ROOT / ".ci/description"
needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (TYPESCRIPT / "node_modules/openapi-typescript").is_dir(),
    reason="there is no node, or .ci/description/check has not installed its packages",
)
MARKET = "http://kasuwa.localhost"


def generated(urlconf: str, folder: Path) -> str:
    """Generate the client of a host's API, and return the name of its package."""
    name = urlconf.replace("config.urls_", "client_of_")
    description = folder / f"{name}.json"
    description.write_text(json.dumps(description_of(urlconf)), encoding="utf-8")
    unformatted = folder / "unformatted.json"  # for imports, not for readers
    unformatted.write_text('{"post_hooks": []}', encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
            *("--path", str(description), "--output-path", str(folder / name)),
            *("--config", str(unformatted)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return name


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("clients")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield [generated(urlconf, folder) for urlconf in URLCONFS]


@pytest.fixture
def transport(db: None) -> Iterator[httpx.WSGITransport]:
    """The market itself, in the test's own transaction."""
    with in_process() as transport:
        yield transport


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall", shipping_minor=150_000))


def test_every_module_of_both_clients_imports(packages: list[str]) -> None:
    for name in packages:
        package = importlib.import_module(name)
        found = [each.name for each in pkgutil.walk_packages(package.__path__, f"{name}.")]
        assert len(found) > 100
        for each in found:
            importlib.import_module(each)


def test_a_guest_buys_and_pays_with_the_generated_client(
    packages: list[str], transport: httpx.WSGITransport, cloth: Stocked, paystack: SandboxProcess
) -> None:
    def part(path: str) -> Any:
        return importlib.import_module(f"{packages[0]}.{path}")

    client = part("client").Client(base_url=MARKET, httpx_args={"transport": transport})
    models = part("models")

    item = models.CartItemInputRequest(variant_id=cloth.variant_id, quantity=2)
    added = part("api.cart.cart_add").sync_detailed(client=client, body=item)
    assert added.status_code == 201
    token = added.headers["X-Cart-Token"]
    lines = [models.CartLineInputRequest(variant_id=cloth.variant_id, quantity=1)]
    changed = part("api.cart.cart_items_set").sync_detailed(client=client, body=lines, x_cart_token=token)
    assert (changed.status_code, changed.parsed.data.units) == (200, 1)
    cart = changed.parsed.data
    assert [line.title for group in cart.groups for line in group.lines] != []

    address = models.AddressInputRequest(
        name="Ada Obi", line1="12 Bode Thomas St", city="Surulere", state="Lagos", country="NG", phone="+2348012345678"
    )
    body = models.CheckoutInputRequest(
        email="ada@example.com", shipping_address=address, expected_total_minor=cart.total_minor
    )
    place = part("api.checkout.order_place").sync_detailed
    placed = place(client=client, body=body, idempotency_key="one", x_cart_token=token)
    assert placed.status_code == 201
    order = placed.parsed.data
    assert order.payment_url.startswith("http")

    payment = Payment.objects.get()
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    read = part("api.orders.order_read").sync_detailed(order.number, client=client, x_order_key=order.access_key)
    assert (read.status_code, str(read.parsed.data.status.value)) == (200, "paid")
    assert Order.objects.get().number == order.number

    refused = place(client=client, body=body, idempotency_key="two", x_cart_token=token)
    assert (refused.status_code, refused.parsed.code) == (409, "cart_empty")


@needs_node
def test_a_guest_buys_with_the_typescript_client(live_site: LiveSite, paystack: SandboxProcess, tmp_path: Path) -> None:
    stock(open_shop("cloth-hall", shipping_minor=150_000))
    shutil.copy(TYPESCRIPT / "buy.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(TYPESCRIPT / "node_modules")
    (tmp_path / "market.json").write_text(json.dumps(description_of(URLCONFS[0])), encoding="utf-8")
    strict = ("--strict", "--checkJs", "--allowJs", "--skipLibCheck", "--noEmit", "--target", "es2022")
    modules = ("--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "es2022,dom")
    run_node(tmp_path, "node_modules/openapi-typescript/bin/cli.js", "market.json", "-o", "market.d.ts")
    run_node(tmp_path, "node_modules/typescript/bin/tsc", *strict, *modules, "buy.mjs")

    bought = json.loads(run_node(tmp_path, "--import", str(TYPESCRIPT / "localhost.mjs"), "buy.mjs", live_site.url("")))

    payment = Payment.objects.get(order__number=bought["number"])
    pay(paystack, payment)
    assert confirm_payment(reference=payment.reference, now=timezone.now()).status == "captured"
    assert Order.objects.get().status == "paid"


def run_node(folder: Path, *words: str) -> str:
    """Run a script by node, and return its output."""
    done = subprocess.run(["node", *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
