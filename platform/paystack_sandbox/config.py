"""Options of the sandbox on its command line and in its environment."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

NEVER = "never"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one sandbox process.

    Args:
        finish_after: seconds from a transfer's or refund's creation to its final state; None leaves
            it open until it is finished by hand.
        approval_url: where each transfer is asked about before it moves money; empty: nowhere.
        mail_pictures: address below which letters may show pictures; empty: nowhere.
        time_scale: factor on the webhook retry intervals; 0.01 turns three minutes into 1.8 s.
    """

    store: Path
    secret_key: str
    webhook_url: str
    host: str = "127.0.0.1"
    port: int = 8001
    public_url: str = ""
    business_name: str = "Kasuwa"
    finish_after: float | None = 2.0
    time_scale: float = 1.0
    until_stdin_closes: bool = False
    approval_url: str = ""
    mail: Path | None = None
    mail_pictures: str = ""


def read_config(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Config:
    """Read the command line; what it leaves out comes from `PAYSTACK_SANDBOX_*` variables.

    The key is shared with the market: `PAYSTACK_SECRET_KEY`.
    """
    parser = _build_parser(environment)
    options = parser.parse_args(arguments)
    for name in ("store", "secret_key", "webhook_url"):
        if not getattr(options, name):
            parser.error(f"--{name.replace('_', '-')} is needed")
    if not options.secret_key.startswith("sk_test_"):
        parser.error("--secret-key must start with sk_test_: a live key never belongs here")
    return Config(**vars(options))


def _build_parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    def default(name: str, fallback: str = "") -> str:
        return environment.get(f"PAYSTACK_SANDBOX_{name}", fallback)

    parser = argparse.ArgumentParser(prog="python -m paystack_sandbox", description=__doc__)
    add = parser.add_argument
    add("--host", default=default("HOST", "127.0.0.1"))
    add("--port", type=int, default=default("PORT", "8001"), help="0 takes any free port")
    add("--store", type=Path, default=default("STORE") or None, help="path of the SQLite file")
    add("--webhook-url", default=default("WEBHOOK_URL"), help="where events are posted")
    add("--secret-key", default=environment.get("PAYSTACK_SECRET_KEY", ""), help="sk_test_…")
    add("--approval-url", default=default("APPROVAL_URL"), help="where transfers are asked about, or nothing")
    add("--public-url", default=default("PUBLIC_URL"), help="how a browser reaches the sandbox")
    add("--business-name", default=default("BUSINESS_NAME", "Kasuwa"))
    add(
        "--finish-after",
        type=_seconds_or_never,
        default=default("FINISH_AFTER", "2"),
        help="seconds until a transfer or refund is final, or 'never' to finish it by hand",
    )
    add("--time-scale", type=float, default=default("TIME_SCALE", "1"), help="on retry intervals")
    add("--mail", type=Path, default=default("MAIL") or None, help="folder with the market's letters, to show them")
    add("--mail-pictures", default=default("MAIL_PICTURES"), help="address below which letters may show pictures")
    add("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    return parser


def _seconds_or_never(text: str) -> float | None:
    return None if text == NEVER else float(text)
