"""Text on the terminal when the market is open."""

from __future__ import annotations

from demo import accounts as demo_accounts
from runtime import sandbox
from runtime.up.options import Options
from runtime.up.output import Terminal

WIDTH = 78


def show(
    terminal: Terminal, options: Options, *, base_domain: str, with_demo: bool, with_sandbox: bool, seconds: float
) -> None:
    """Print the addresses and, if there is demo data, who can sign in."""
    market = f"http://{base_domain}:{options.port}"
    rows = [
        ("Market", f"{market}/"),
        *(_shops(base_domain, options.port) if with_demo else ()),
        ("Operator console", f"{market}/operator/"),
        ("API documentation", f"{market}/api/docs/"),
        *(_sandbox(options.sandbox_port) if with_sandbox else ()),
    ]
    rule = terminal.paint("-" * WIDTH, "1;36")
    terminal.say(rule)
    terminal.say(terminal.paint(f"  Kasuwa is open. Ready in {seconds:.1f} s; Ctrl-C closes it.", "1"))
    terminal.say()
    for label, address in rows:
        terminal.say(f"  {label:<20}{address}")
    if with_demo:
        terminal.say()
        terminal.say(f"  Sign in with the password {terminal.paint(demo_accounts.PASSWORD, '1')} as")
        for account in demo_accounts.ACCOUNTS:
            terminal.say(f"  {account.email:<26}{_describe(account)}")
    terminal.say(rule)


def _sandbox(port: int) -> list[tuple[str, str]]:
    mail = [("Local mail", sandbox.mail_page(port=port))] if sandbox.keeps_mail() else []
    return [(sandbox.TITLE, f"http://localhost:{port}/"), *mail]


def _shops(base_domain: str, port: int) -> list[tuple[str, str]]:
    slugs = [account.shop for account in demo_accounts.ACCOUNTS if account.shop]
    return [(f"Shop {slug}", f"http://{slug}.{base_domain}:{port}/dashboard/") for slug in slugs]


def _describe(account: demo_accounts.DemoAccount) -> str:
    return f"{account.role} of {account.shop}" if account.shop else account.role
