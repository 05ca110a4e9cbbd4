"""The worker: posts due events to the merchant and finishes due transfers, refunds and disputes."""

import asyncio
import contextlib
import http.client
import logging
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from paystack_sandbox import approvals
from paystack_sandbox.disputes import move_due_disputes
from paystack_sandbox.refunds import finish_due_refunds
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.store import Row
from paystack_sandbox.transfers import finish_due_transfers, settle_approval
from paystack_sandbox.webhooks import record_answer

logger = logging.getLogger(__name__)

PARALLEL = 16
TIMEOUT_SECONDS = 10.0
LONGEST_SLEEP = 60.0
NEXT_DUE = """
SELECT MIN(due) AS due FROM (
    SELECT MIN(due_at) AS due FROM transfers WHERE due_at IS NOT NULL
    UNION ALL SELECT MIN(due_at) FROM refunds WHERE due_at IS NOT NULL
    UNION ALL SELECT MIN(due_at) FROM disputes WHERE due_at IS NOT NULL)
"""


class WebhookSender:
    """Runs on the event loop; only the posting itself happens in threads."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="webhooks")
        self._posting: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Work until cancelled; what is left undone is in the store for the next start."""
        try:
            while True:
                self._sandbox.wake.clear()
                finish_due_transfers(self._sandbox)
                finish_due_refunds(self._sandbox)
                move_due_disputes(self._sandbox)
                next_due = self._start_due_posts()
                await self._sleep_until(next_due)
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def forget(self) -> None:
        """Stop caring about what is being posted right now."""
        for task in self._posting.values():
            task.cancel()
        self._posting.clear()

    async def settle(self) -> None:
        """Wait for what is being posted right now, so that nothing of it arrives later."""
        if self._posting:
            await asyncio.wait(list(self._posting.values()))

    def _start_due_posts(self) -> float | None:
        """Start due posts and return the time of the next one."""
        store, now = self._sandbox.store, self._sandbox.now()
        row = store.one(NEXT_DUE)
        moments = [] if row is None or row["due"] is None else [row["due"]]
        queued = store.all(
            "SELECT * FROM deliveries WHERE status IN ('waiting', 'held') ORDER BY due_at, id LIMIT ?",
            2 * PARALLEL + 1,
        )
        for delivery in queued:
            if delivery["id"] in self._posting:
                continue
            if len(self._posting) >= PARALLEL:
                break
            if delivery["due_at"] > now:
                moments.append(delivery["due_at"])
                break
            self._posting[delivery["id"]] = asyncio.create_task(self._post(delivery))
        return min(moments, default=None)

    async def _post(self, delivery: Row) -> None:
        loop = asyncio.get_running_loop()
        try:
            is_question = delivery["event"] == approvals.EVENT
            planned = approvals.planned_answer(self._sandbox, delivery) if is_question else None
            answer = await loop.run_in_executor(self._threads, post, delivery) if planned is None else planned
            record = settle_approval if is_question else record_answer
            record(self._sandbox, delivery, answer)
        except Exception:
            logger.exception("delivery %s could not be recorded", delivery["id"])
        finally:
            self._posting.pop(delivery["id"], None)
            self._sandbox.wake.set()

    async def _sleep_until(self, moment: float | None) -> None:
        wait = LONGEST_SLEEP if moment is None else moment - self._sandbox.now()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._sandbox.wake.wait(), min(max(wait, 0.0), LONGEST_SLEEP))


def post(delivery: Row) -> str:
    """Post one event and return the status, or the reason why there was none."""
    url = urlsplit(delivery["url"])
    connection = _connection(url.scheme, url.hostname or "", url.port)
    headers = {
        "Host": url.netloc,
        "Content-Type": "application/json",
        "User-Agent": "paystack-sandbox",
        "X-Paystack-Signature": delivery["signature"],
        "Connection": "close",
    }
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection.request("POST", target, body=delivery["body"], headers=headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    return str(response.status)


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    # Browsers know that *.localhost is this machine; most system resolvers do not.
    is_local = host == "localhost" or host.endswith(".localhost")
    address = "127.0.0.1" if is_local else host
    if scheme == "https":
        return http.client.HTTPSConnection(address, port, timeout=TIMEOUT_SECONDS)
    return http.client.HTTPConnection(address, port, timeout=TIMEOUT_SECONDS)
