"""Asking the DNS for TXT records: over the wire from a name server of the tests' own, and from a file."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket
from threading import Thread

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from django.conf import LazySettings

from tenants.hosts import dns as port
from tenants.hosts.dns import LookupFailedError, ask_dns, ask_local_file
from tenants.models import DomainProblem

Answer = Callable[[dns.message.Message], dns.message.Message | None]


def answered(*texts: str) -> Answer:
    def answer(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        if texts:
            response.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "TXT", *texts))
        return response

    return answer


def failed(code: dns.rcode.Rcode) -> Answer:
    def answer(query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.set_rcode(code)
        return response

    return answer


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answer]]:
    """Put into the list how it answers; without anything, it is silent."""
    says: list[Answer] = []
    with socket(AF_INET, SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        address, number = listening.getsockname()

        def serve() -> None:
            while (wire := listening.recvfrom(4096))[0] != b"stop":
                response = says[0](dns.message.from_wire(wire[0])) if says else None
                if response is not None:
                    listening.sendto(response.to_wire(), wire[1])

        thread = Thread(target=serve)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = [address], number
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        monkeypatch.setattr(port, "TIMEOUT_SECONDS", 60.0)
        yield says
        with socket(AF_INET, SOCK_DGRAM) as speaking:
            speaking.sendto(b"stop", (address, number))
        thread.join(timeout=60)


def test_records_are_put_together_from_their_strings(name_server: list[Answer]) -> None:
    name_server.append(answered('"kasuwa-verify=" "abc"', '"v=spf1 -all"'))
    assert sorted(ask_dns("_kasuwa.shop.example")) == ["kasuwa-verify=abc", "v=spf1 -all"]


@pytest.mark.parametrize("says", [answered(), failed(dns.rcode.NXDOMAIN)])
def test_no_record_is_an_empty_answer(name_server: list[Answer], says: Answer) -> None:
    name_server.append(says)
    assert ask_dns("_kasuwa.shop.example") == []


def test_a_server_that_fails_or_is_silent_is_no_missing_record(
    name_server: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(port, "TIMEOUT_SECONDS", 0.2)
        with pytest.raises(LookupFailedError) as caught:
            ask_dns("_kasuwa.shop.example")
    assert caught.value.problem == DomainProblem.TIMED_OUT
    name_server.append(failed(dns.rcode.REFUSED))
    with pytest.raises(LookupFailedError) as caught:
        ask_dns("_kasuwa.shop.example")
    assert caught.value.problem == DomainProblem.FAILED


def test_a_file_answers_first_and_alone_for_this_machine(
    tmp_path: Path, settings: LazySettings, name_server: list[Answer]
) -> None:
    settings.DATA_DIR = tmp_path
    assert ask_local_file("_kasuwa.shop.localhost") == []  # no file yet
    (tmp_path / "dns.txt").write_text("_kasuwa.shop.localhost kasuwa-verify=a\n\n_kasuwa.shop.example  b c \n")
    name_server.append(answered('"from the wire"'))
    assert ask_local_file("_kasuwa.shop.localhost") == ["kasuwa-verify=a"]
    assert ask_local_file("_kasuwa.shop.example") == ["b c"]
    assert ask_local_file("_kasuwa.other.localhost") == []
    assert ask_local_file("_kasuwa.other.example") == ["from the wire"]


def test_production_asks_the_dns_alone() -> None:
    production = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": "postgres://db/kasuwa",
        "REDIS_URL": "redis://redis/0",
        "PAYSTACK_SECRET_KEY": "sk_live_for_a_test",
        "KASUWA_BASE_DOMAIN": "market.example",
        "TRUSTED_PROXY_COUNT": "1",
        "PLATFORM_EMAIL": "hello@market.example",
    }
    for resolver, is_fine in (("tenants.hosts.dns.ask_dns", True), ("tenants.hosts.dns.ask_local_file", False)):
        ran = subprocess.run(
            [sys.executable, "-c", "import config.settings.production"],
            env={**os.environ, **production, "DOMAIN_TXT_RESOLVER": resolver},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode == 0) is is_fine, ran.stderr
        assert is_fine or "prove their domains in the DNS" in ran.stderr
