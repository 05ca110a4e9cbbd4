"""A sandbox process for tests, started without waiting longer than it takes."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import Request, urlopen

STOP_SECONDS = 5


class SandboxProcess:
    """Context manager around `python -m paystack_sandbox`, which ends with the test run.

    Args:
        port: 0 takes any free one; `url` tells which.
        options: more command-line options, such as `"--finish-after", "never"`.
    """

    def __init__(
        self,
        *options: str,
        store: Path,
        webhook_url: str,
        secret_key: str = "sk_test_sandbox",  # noqa: S107 - opens nothing real
        port: int = 0,
    ) -> None:
        self.secret_key = secret_key
        self.url = ""
        self._command = [sys.executable, "-m", "paystack_sandbox", "--until-stdin-closes"]
        self._command += ["--store", str(store), "--webhook-url", webhook_url]
        self._command += ["--secret-key", secret_key, "--port", str(port), *options]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """Start the process and return once it accepts requests."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the process."""
        self.stop()

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._running().pid

    def start(self) -> None:
        """Start the process; its first line of output says that it is ready and where."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if " at http" not in line:
            self.stop()
            raise RuntimeError(f"the Paystack sandbox did not start: {line!r}")
        self.url = line.rsplit(" at ", 1)[1].strip().replace("//localhost:", "//127.0.0.1:")
        self.call("GET", "/health")

    def stop(self) -> None:
        """Stop the process and wait for its end."""
        process, self._process = self._running(), None
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End the process as a crash would."""
        self._running().kill()
        self.stop()

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Call the sandbox and return the parsed JSON of its answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.secret_key}",
        }
        request = Request(self.url + path, data, headers, method=method)  # noqa: S310 - our own
        with urlopen(request, timeout=60) as response:  # noqa: S310 - our own address
            return json.load(response)

    def add_fault(self, kind: str, **options: object) -> Any:
        """Put a fault in force and return it."""
        return self.call("POST", "/sandbox/faults", {"kind": kind, **options})["data"]

    def reset(self) -> None:
        """Forget all data and faults."""
        self.call("POST", "/sandbox/reset", {})

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None:
            raise RuntimeError("the Paystack sandbox is not running")
        return self._process
