"""Answers that go wrong on request, and the pages and addresses that ask for it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.world.sandbox import Bench, open_bench

Eventually = Callable[..., object]
VERIFY = {"path": "/transaction/verify"}


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("faults")) as bench:
        yield bench


@pytest.fixture
def bench(module_bench: Bench) -> Bench:
    module_bench.reset()
    return module_bench


def test_rate_limit(bench: Bench) -> None:
    reference = bench.start_payment()
    bench.fault("rate_limit", match=VERIFY, seconds=7)

    limited = bench.api.get(f"/transaction/verify/{reference}")

    assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
    assert bench.api.get(f"/transaction/verify/{reference}").status_code == 200


def test_server_errors_as_often_as_asked_and_only_there(bench: Bench) -> None:
    reference = bench.start_payment()
    bench.fault("server_error", match=VERIFY, status=503, times=2)

    assert bench.api.get("/balance").status_code == 200
    seen = [bench.api.get(f"/transaction/verify/{reference}").status_code for _ in range(3)]

    assert seen == [503, 503, 200]


def test_an_html_answer(bench: Bench) -> None:
    bench.fault("html", match={"path": "/balance"})

    response = bench.api.get("/balance")

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")


def test_not_found_while_it_is_there(bench: Bench) -> None:
    reference = bench.start_payment()
    bench.fault("not_found", match=VERIFY)

    assert bench.api.get(f"/transaction/verify/{reference}").status_code == 404
    assert bench.api.get(f"/transaction/verify/{reference}").status_code == 200


def test_a_refused_request_has_not_acted(bench: Bench) -> None:
    bench.fault("server_error", match={"method": "POST", "path": "/transaction/initialize"})

    assert bench.post("/transaction/initialize", {"email": "a@example.com", "amount": 5_000}).status_code == 500

    assert bench.data("/transaction") == []


@pytest.mark.parametrize("kind", ["server_error", "html"])
def test_an_error_after_acting_has_acted(bench: Bench, kind: str) -> None:
    bench.fault(kind, match={"method": "POST", "path": "/transaction/initialize"}, acts=True)

    bench.post("/transaction/initialize", {"email": "a@example.com", "amount": 5_000, "reference": "order-1"})

    assert bench.data("/transaction/verify/order-1")["status"] == "abandoned"


def test_a_timeout_after_acting_has_acted(bench: Bench) -> None:
    bench.fault("timeout", match={"method": "POST", "path": "/refund"})
    reference = bench.paid()

    with pytest.raises(httpx.ReadTimeout):
        bench.api.post("/refund", json={"transaction": reference, "amount": 5_000}, timeout=0.2)

    assert [refund["amount"] for refund in bench.data("/refund")] == [5_000]


def test_a_timeout_before_acting_has_not(bench: Bench) -> None:
    bench.fault("timeout", match={"method": "POST", "path": "/transaction"}, acts=False)

    with pytest.raises(httpx.ReadTimeout):
        bench.api.post("/transaction/initialize", json={"email": "a@example.com", "amount": 5_000}, timeout=0.2)

    assert bench.data("/transaction") == []


def test_a_slow_answer_comes_in_the_end(bench: Bench) -> None:
    bench.fault("timeout", match={"path": "/balance"}, seconds=0.05)

    assert bench.api.get("/balance").status_code == 200


def test_faults_are_listed_and_removed(bench: Bench) -> None:
    first, second = bench.fault("drop"), bench.fault("html", times=None)

    assert [fault["kind"] for fault in bench.data("/sandbox/faults")] == ["drop", "html"]
    assert bench.api.delete(f"/sandbox/faults/{first['id']}").status_code == 200
    assert bench.api.delete(f"/sandbox/faults/{first['id']}").status_code == 404
    assert [fault["id"] for fault in bench.data("/sandbox/faults")] == [second["id"]]
    assert bench.api.delete("/sandbox/faults").json()["data"] == {"count": 1}
    assert bench.data("/sandbox/faults") == []


def test_an_unknown_fault_is_refused(bench: Bench) -> None:
    assert bench.post("/sandbox/faults", {"kind": "earthquake"}).status_code == 400
    assert bench.data("/sandbox/faults") == []


def test_the_control_page_shows_everything(bench: Bench) -> None:
    reference = bench.paid()
    bench.transfer("payout-0000000001-a1", bench.create_recipient())
    bench.post("/refund", {"transaction": reference, "amount": 5_000, "merchant_note": "<b>torn</b>"})
    bench.fault("duplicate", event="charge.success")

    page = bench.api.get("/sandbox/")

    assert page.status_code == 200
    for text in (reference, "payout-0000000001-a1", "&lt;b&gt;torn&lt;/b&gt;", "charge.success", "duplicate"):
        assert text in page.text
    assert "<b>torn" not in page.text
    assert "<script" not in page.text
    assert bench.api.get("/sandbox/sandbox.css").headers["content-type"].startswith("text/css")


def test_the_forms_of_the_control_page_work(bench: Bench) -> None:
    form = {"kind": "rate_limit", "times": "2", "path": "/balance", "event": "", "seconds": "3", "where": ""}

    added = bench.api.post("/sandbox/faults", data=form)

    assert (added.status_code, added.headers["location"]) == (303, "/sandbox/")
    fault = bench.data("/sandbox/faults")[0]
    assert (fault["times"], fault["seconds"], fault["match"]) == (2, 3, {"path": "/balance"})
    assert bench.api.post(f"/sandbox/faults/{fault['id']}/remove", data={"confirm": "yes"}).status_code == 303
    reference = bench.start_payment()
    assert bench.api.post(f"/sandbox/transactions/{reference}/pay", data={"confirm": "yes"}).status_code == 303
    assert bench.data(f"/transaction/verify/{reference}")["status"] == "success"


def test_other_sites_cannot_use_the_controls(bench: Bench) -> None:
    reference = bench.start_payment()

    response = bench.api.post(
        f"/sandbox/transactions/{reference}/pay", data={"confirm": "yes"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403
    assert bench.data(f"/transaction/verify/{reference}")["status"] == "abandoned"


def test_reset_forgets_all_but_never_reuses_an_id(bench: Bench) -> None:
    before = bench.data(f"/transaction/verify/{bench.paid()}")["id"]
    bench.fault("drop")

    bench.reset()

    assert (bench.data("/transaction"), bench.data("/sandbox/faults"), bench.balance()) == ([], [], 0)
    assert bench.data(f"/transaction/verify/{bench.paid()}")["id"] > before


def test_health(bench: Bench, eventually: Eventually) -> None:
    bench.paid()

    eventually(lambda: bench.api.get("/health").json()["deliveries_waiting"] == 0)
    assert bench.api.get("/health").json()["status"] == "ok"


def test_being_told_to_stop_ends_even_what_hangs(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench, ThreadPoolExecutor(1) as thread:
        bench.fault("timeout", match={"path": "/balance"})
        answer = thread.submit(bench.api.get, "/balance")
        while bench.data("/sandbox/faults"):
            assert not answer.done()
        process = bench.sandbox._running()

        process.terminate()

        assert answer.result().status_code == 504
        assert process.wait(10) == 0
