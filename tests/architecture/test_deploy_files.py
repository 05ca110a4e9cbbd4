"""Deployment files match the code: files, settings, commands, queues."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from runtime.up import roles
from tests.architecture.sources import source_files

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "platform" / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNCHECKED_HASH = 1  # PEP 552
REQUIRED = re.search(r"REQUIRED = \(([^)]*)\)", (ROOT / "platform/config/settings/production.py").read_text())


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def required_settings() -> set[str]:
    assert REQUIRED
    return set(re.findall(r'"(\w+)"', REQUIRED[1]))


def test_compose_runs_every_process() -> None:
    services = compose()["services"]

    assert set(services) == {"postgres", "redis", "migrate", "web", "worker", "bulk", "beat", "paystack"}
    assert services["paystack"]["profiles"] == ["sandbox"]
    assert services["postgres"]["image"] == "postgres:18"
    for name in ("web", "worker", "bulk", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_compose_and_its_example_give_what_production_requires() -> None:
    given = set(compose()["services"]["web"]["environment"])
    example = {line.split("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line}

    assert required_settings() <= given | example


def test_compose_publishes_nothing_to_other_machines_unless_told() -> None:
    published = [port for service in compose()["services"].values() for port in service.get("ports", [])]

    assert published
    assert [port for port in published if not port.startswith(("127.0.0.1:", "${KASUWA_LISTEN:-127.0.0.1}:"))] == []


def test_compose_does_not_start_before_the_number_of_proxies_is_said() -> None:
    assert compose()["services"]["web"]["environment"]["TRUSTED_PROXY_COUNT"].startswith("${TRUSTED_PROXY_COUNT:?")


def test_the_sandbox_sends_its_events_to_a_host_of_the_market() -> None:
    """Under another name, as the service's own, the market shows the page of an unknown host."""
    services = compose()["services"]
    [address] = [word for word in services["paystack"]["command"] if word.startswith("--webhook-url=")]
    host = address.removeprefix("--webhook-url=http://").removesuffix(":8000/webhooks/paystack/")
    assert host.startswith("${KASUWA_BASE_DOMAIN:?")
    assert services["web"]["networks"]["default"]["aliases"] == [host]


def queues_of(command: list[str]) -> set[str]:
    return set(command[command.index("--queues") + 1].split(","))


def test_every_queue_is_taken_and_bulk_by_a_worker_of_its_own() -> None:
    queues = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    of_compose = [queues_of(compose()["services"][name]["command"]) for name in ("worker", "bulk")]
    of_kubernetes = []
    for name in ("worker", "bulk"):
        [deployment] = yaml.safe_load_all((DEPLOY / "kubernetes" / f"{name}.yaml").read_text())
        [container] = deployment["spec"]["template"]["spec"]["containers"]
        of_kubernetes.append(queues_of(container["command"]))
    of_one_machine = [set(settings.WORKER_QUEUES), {settings.BULK_QUEUE}]

    for rest, bulk in (of_compose, of_kubernetes, of_one_machine):
        assert bulk == {"bulk"}
        assert rest == queues - bulk


def test_the_image_is_built_from_files_that_exist() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()

    assert compose()["services"]["web"]["build"]["dockerfile"] == "platform/deploy/Dockerfile"
    assert (ROOT / "requirements.lock").exists()
    for module in re.findall(r"config\.settings\.(\w+)", dockerfile):
        assert (ROOT / "platform/config/settings" / f"{module}.py").exists()


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_kubernetes_files_are_complete(path: Path) -> None:
    documents = list(yaml.safe_load_all(path.read_text()))

    assert all(document["kind"] and document["apiVersion"] for document in documents)
    if path.name == "kustomization.yaml":
        assert {*documents[0]["resources"], path.name} == {file.name for file in KUBERNETES}


def test_kubernetes_asks_for_the_secrets_that_production_requires() -> None:
    text = (DEPLOY / "kubernetes" / "config.yaml").read_text()

    assert {name for name in required_settings() if name not in text} == set()


def test_pipelines_run_the_one_script() -> None:
    for path in (DEPLOY / "Jenkinsfile", ROOT / ".github/workflows/ci.yml"):
        assert "bash .ci/run" in path.read_text()


def test_the_image_is_compiled_when_it_is_built(tmp_path: Path) -> None:
    """Its processes may write nothing beside the code: each start would compile every module again."""
    built, run = (DEPLOY / "Dockerfile").read_text().rsplit("\nFROM ", 1)
    compiled = re.search(r"/venv/bin/python (-m compileall .*)", built.split("COPY . .")[1])
    assert compiled
    assert "PYTHONDONTWRITEBYTECODE" not in built
    assert "--no-compile" not in built
    assert {"COPY --from=build /venv /venv", "COPY --from=build /app /app"} <= set(run.splitlines())

    (tmp_path / "app").mkdir()
    (tmp_path / "app/module.py").write_text("VALUE = 1\n")
    command = [sys.executable, *compiled[1].split()]
    subprocess.run(command, cwd=tmp_path, check=True)
    [written] = tmp_path.rglob("*.pyc")
    assert int.from_bytes(written.read_bytes()[4:8], "little") == UNCHECKED_HASH  # holds whatever time a copy gets

    (tmp_path / "app/fault.py").write_text("def\n")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_the_image_holds_the_statements_files() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert "COPY . ." in (DEPLOY / "Dockerfile").read_text()
    for path in source_files(".sql"):
        name = path.relative_to(ROOT)
        assert not [pattern for pattern in ignored if name.match(pattern) or pattern.strip("*/") in name.parts]


def test_the_image_holds_the_guide_that_is_served() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert ignored.index("!docs/api.md") > ignored.index("docs/*")


def test_the_proxies_buffer_requests_and_take_no_more_than_the_market_does() -> None:
    largest = settings.UPLOAD_MAX_BYTES // 1024 // 1024
    caddy = (DEPLOY / "Caddyfile").read_text()
    assert "request_buffers" in caddy
    assert f"max_size {largest}MB" in caddy
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert "proxy_request_buffering on;" in nginx
    assert f"client_max_body_size {largest}m;" in nginx
    ingress = yaml.safe_load((DEPLOY / "kubernetes" / "ingress.yaml").read_text())
    annotations = {name.rpartition("/")[2]: value for name, value in ingress["metadata"]["annotations"].items()}
    assert annotations["proxy-request-buffering"] == "on"
    assert annotations["proxy-body-size"] == f"{largest}m"


def test_the_image_serves_as_one_machine_does() -> None:
    command = (DEPLOY / "Dockerfile").read_text().rsplit("CMD ", 1)[1]
    words = json.loads(command)
    given = dict(itertools.pairwise(words))
    assert given["--interface"] == "rsgi"
    assert words[-1] == "config.rsgi:application"
    assert given["--backpressure"] == given["--backlog"] == str(roles.WEB_CONNECTIONS)
    assert given["--http1-header-read-timeout"] == str(roles.HEADER_MILLISECONDS)


def test_proxies_give_up_idle_connections_before_the_market_does() -> None:
    """Else a request meets a connection that is being closed, and is answered 502."""
    for name, words in (("Caddyfile", r"keepalive (\d+)s"), ("nginx.conf", r"keepalive_timeout (\d+)s")):
        found = re.search(words, (DEPLOY / name).read_text())
        assert found
        assert int(found[1]) * 1000 < roles.HEADER_MILLISECONDS


def test_the_proxies_send_plain_http_to_tls() -> None:
    """Caddy does so by itself for the sites of `https://`; nginx refuses connections to port 80 unless told."""
    nginx = (DEPLOY / "nginx.conf").read_text()
    servers = [re.findall(r"^ *(\w+) +(.+);$", server, re.MULTILINE) for server in nginx.split("server {")[1:]]
    ports = {dict(server).get("listen"): dict(server) for server in servers}
    assert ports["80"]["return"] == "301 https://$host$request_uri"
    assert ports["80"]["server_name"] == ports["443 ssl"]["server_name"]
    assert "\nhttps:// {" in (DEPLOY / "Caddyfile").read_text()


def test_the_proxies_compress_what_the_market_leaves_to_them() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text()
    kinds = re.search(r"gzip_types (.+);", nginx)
    assert kinds
    assert {"application/json", "text/csv"} <= set(kinds[1].split())
    assert "gzip_proxied any;" in nginx
    assert "gzip_vary on;" in nginx
    assert "encode gzip" in (DEPLOY / "Caddyfile").read_text()


def test_nginx_keeps_copies_of_pictures_alone() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text()
    media, rest = nginx.split(f"location {settings.MEDIA_URL} {{")[1].split("location / {")
    assert "proxy_cache pictures;" in media
    assert "keys_zone=pictures:" in nginx
    assert "proxy_cache " not in rest
