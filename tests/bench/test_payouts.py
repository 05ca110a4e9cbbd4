"""`bench payouts`, as small as can be: a run is killed half-way and goes on, and no shop costs more than another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.conf import LazySettings
from django.utils import timezone

from gateway.http import Link
from gateway.paystack.adapter import Paystack
from gateway.paystack.transfers import RULES
from payouts.models import Payout
from payouts.selectors import owed_to_shops
from runtime.up import probes
from tests.bench.paying.pay import pay_all
from tests.bench.paying.shops import AMOUNT, earn, open_payable
from tests.world.live_site import free_port

AT_ONCE, FEW, MANY = 10, 20, 60


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def paid(
    live_database: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, eventually: Callable[..., Any]
) -> Iterator[Callable[[], dict[str, int]]]:
    """What the provider of the benchmark has sent so far."""
    port = free_port()
    settings.PAYSTACK_BASE_URL = f"http://127.0.0.1:{port}"
    monkeypatch.setattr(Paystack, "transfers", replace(RULES, pause_seconds=0.0, most_at_once=AT_ONCE))
    monkeypatch.setattr("kit.work.jobs._wake", lambda _: None)
    bank = subprocess.Popen([sys.executable, "-m", "tests.bench.paying.bank", str(port)])
    eventually(lambda: probes.is_answering(port))
    yield lambda: httpx.get(f"{settings.PAYSTACK_BASE_URL}/paid").json()["data"]
    bank.kill()
    bank.wait()


def test_a_run_that_is_killed_half_way_pays_everybody_once(
    paid: Callable[[], dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_payable(FEW, named="few")
    earn("ks-few-")
    now = timezone.now()
    few = pay_all(now=now)
    open_payable(MANY - FEW, named="many")
    earn("ks-many-")
    many = pay_all(now=now + timedelta(days=10))
    statements = [sum(each[phase]["statements"] for phase in ("make", "send", "ask")) for each in (few, many)]
    assert statements[1] / MANY <= statements[0] / FEW
    assert paid() == {"transfers": FEW + MANY, "recipients": MANY, "sent_minor": (FEW + MANY) * AMOUNT}

    earn("ks-again-")
    send, calls = Link.send, []

    def killed(link: Link, method: str, url: str, **more: Any) -> Any:
        answer = send(link, method, url, **more)
        calls.append(url)
        if sum(call.endswith("/transfer/bulk") for call in calls) == MANY // AT_ONCE // 2:
            raise Killed  # the provider has acted, and nobody has heard its answer
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Link, "send", killed)
        with pytest.raises(Killed):
            pay_all(now=now + timedelta(days=20))
    assert FEW + MANY < paid()["transfers"] < FEW + 2 * MANY

    pay_all(now=now + timedelta(days=20, hours=1))
    assert paid() == {"transfers": FEW + 2 * MANY, "recipients": MANY, "sent_minor": (FEW + 2 * MANY) * AMOUNT}
    assert set(Payout.objects.values_list("status", flat=True)) == {"paid"}
    assert owed_to_shops() == {"NGN": 0}
