"""Webhooks of the sandbox: signed, fast, retried, and as badly behaved as asked."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.world.sandbox import KEY, Bench, open_bench

Eventually = Callable[..., object]


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("webhooks")) as bench:
        yield bench


@pytest.fixture
def bench(module_bench: Bench) -> Bench:
    module_bench.reset()
    return module_bench


def statuses(bench: Bench) -> Counter[str]:
    return Counter(line["status"] for line in bench.data("/sandbox/deliveries"))


def advance(bench: Bench, seconds: float) -> None:
    assert bench.post("/sandbox/time", {"advance": seconds}).status_code == 200


def test_an_event_is_signed_over_its_exact_bytes(bench: Bench) -> None:
    bench.pay(bench.start_payment("order-1", metadata={"note": "ẹ̀kọ́ ₦"}))

    hook = bench.merchant.next()

    assert hook.signature == hmac.new(KEY.encode(), hook.body, hashlib.sha512).hexdigest()
    assert hook.host == f"kasuwa.localhost:{bench.merchant.port}"
    assert hook.data["reference"] == "order-1"
    assert hook.data["fees"] == 32_500


def test_anything_but_200_is_retried_after_three_minutes_then_hourly(bench: Bench, eventually: Eventually) -> None:
    bench.merchant.answers[:] = [500, 201, 302, 404, 500, 200]
    bench.pay(bench.start_payment())

    bodies = {bench.merchant.next().body}
    for tried, seconds in enumerate((180, 180, 180, 180, 3600), start=1):
        eventually(lambda tried=tried: bench.data("/sandbox/deliveries")[0]["attempts"] == tried)
        advance(bench, seconds - 5)
        assert bench.merchant.hooks.empty()
        advance(bench, 6)
        bodies.add(bench.merchant.next().body)

    eventually(lambda: statuses(bench) == {"delivered": 1})
    assert len(bodies) == 1


def test_a_merchant_that_is_down_is_tried_again(bench: Bench, tmp_path: Path, eventually: Eventually) -> None:
    with open_bench(tmp_path, "--webhook-url", "http://nobody.localhost:9/") as lonely:
        lonely.pay(lonely.start_payment())

        eventually(lambda: lonely.data("/sandbox/deliveries")[0]["attempts"] == 1)

        delivery = lonely.data("/sandbox/deliveries")[0]
        assert (delivery["status"], delivery["last_answer"]) == ("waiting", "ConnectionRefusedError")


def test_what_was_queued_survives_a_crash(tmp_path: Path, eventually: Eventually) -> None:
    with open_bench(tmp_path) as bench:
        bench.merchant.answers[:] = [500]
        reference = bench.start_payment()
        bench.pay(reference)
        bench.merchant.next()
        eventually(lambda: bench.data("/sandbox/deliveries")[0]["attempts"] == 1)

        bench.sandbox.kill()
        bench.sandbox.start()
        bench.api.base_url = bench.sandbox.url
        advance(bench, 181)

        assert bench.merchant.next().data["reference"] == reference
        assert bench.data(f"/transaction/verify/{reference}")["status"] == "success"


def test_a_second_sandbox_on_the_same_store_is_refused(bench: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    folder = Path(bench.sandbox._command[bench.sandbox._command.index("--store") + 1]).parent

    with pytest.raises(RuntimeError, match="did not start"), open_bench(folder):
        pass

    assert "is a sandbox running?" in capfd.readouterr().err


def test_resending_sends_the_same_bytes(bench: Bench) -> None:
    bench.pay(bench.start_payment())
    first = bench.merchant.next()
    delivery = bench.data("/sandbox/deliveries")[0]

    assert bench.post(f"/sandbox/deliveries/{delivery['id']}/resend").status_code == 200

    assert bench.merchant.next() == first


def test_duplicates(bench: Bench) -> None:
    bench.fault("duplicate", event="charge.success", count=20)

    bench.pay(bench.start_payment())

    assert len({bench.merchant.next().body for _ in range(20)}) == 1


def test_a_dropped_event_never_arrives(bench: Bench, eventually: Eventually) -> None:
    bench.fault("drop")
    lost, next_one = bench.start_payment(), bench.start_payment()

    bench.pay(lost)
    bench.pay(next_one)

    assert bench.merchant.next().data["reference"] == next_one
    eventually(lambda: statuses(bench) == {"dropped": 1, "delivered": 1})
    assert bench.data(f"/transaction/verify/{lost}")["status"] == "success"


def test_a_delayed_event_waits(bench: Bench) -> None:
    bench.fault("delay", seconds=60)

    bench.pay(bench.start_payment())

    assert statuses(bench) == {"waiting": 1}
    advance(bench, 61)
    assert bench.merchant.next().event == "charge.success"


def test_reordered_events_overtake_each_other(bench: Bench) -> None:
    bench.fault("reorder", event="charge.success", seconds=60)
    first, second = bench.start_payment(), bench.start_payment()

    bench.pay(first)
    bench.pay(second)

    assert [bench.merchant.next().data["reference"] for _ in range(2)] == [second, first]


def test_a_bad_signature(bench: Bench) -> None:
    bench.fault("bad_signature")

    bench.pay(bench.start_payment())

    hook = bench.merchant.next()
    assert hook.signature != hmac.new(KEY.encode(), hook.body, hashlib.sha512).hexdigest()


@pytest.mark.parametrize(
    ("where", "event_amount", "verified_amount"),
    [("webhook", 1_499_900, 1_500_000), ("verify", 1_500_000, 1_499_900), ("both", 1_499_900, 1_499_900)],
)
def test_a_wrong_amount_in_either_place_or_for_real(
    bench: Bench, where: str, event_amount: int, verified_amount: int
) -> None:
    reference = bench.start_payment()
    bench.fault("wrong_amount", where=where, match={"reference": reference})

    bench.pay(reference)

    assert bench.merchant.next().data["amount"] == event_amount
    verified = bench.data(f"/transaction/verify/{reference}")
    assert (verified["amount"], verified["requested_amount"]) == (verified_amount, 1_500_000)
    assert bench.balance() + verified["fees"] == (verified_amount if where == "both" else 1_500_000)


def test_a_wrong_currency_and_domain(bench: Bench) -> None:
    bench.fault("wrong_currency", currency="GHS")
    bench.fault("wrong_domain")

    reference = bench.paid()

    verified = bench.data(f"/transaction/verify/{reference}")
    assert (verified["currency"], verified["domain"]) == ("GHS", "live")
    assert (bench.balance("NGN"), bench.balance("GHS")) == (0, 1_500_000 - 29_250)


def test_transfers_and_refunds_finish_by_themselves(tmp_path: Path) -> None:
    with open_bench(tmp_path, "--finish-after", "0.05") as bench:
        reference = bench.paid()
        bench.fault("transfer_outcome", outcome="reversed")
        bench.transfer("payout-0000000001-a1", bench.create_recipient())
        assert sorted(bench.merchant.next().event for _ in range(2)) == ["transfer.reversed", "transfer.success"]

        bench.fault("refund_outcome", outcome="needs-attention")
        bench.post("/refund", {"transaction": reference, "amount": 300_000})

        hooks = {hook.event: hook.data for hook in (bench.merchant.next() for _ in range(3))}
        assert hooks["refund.pending"]["amount"] == "300000"
        assert hooks["refund.processing"]["amount"] == "300000"
        assert hooks["refund.needs-attention"]["amount"] == 300_000


def test_bodies_are_compact_json(bench: Bench) -> None:
    bench.pay(bench.start_payment())

    body = bench.merchant.next().body

    assert body == json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
