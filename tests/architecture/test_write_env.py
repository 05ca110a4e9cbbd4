"""The command that writes .env: fresh secrets that production takes, and no file overwritten."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ROOT / "platform" / "deploy" / "write_env.py"


def write(file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a Python that has nothing but its standard library."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(COMMAND), "--domain", "market.example.com", "--file", str(file), *more],
        capture_output=True,
        text=True,
        check=False,
    )


def settings_in(file: Path) -> dict[str, str]:
    lines = (line for line in file.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def start(given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start the production settings in an environment that has these variables, and what compose sets."""
    of_compose = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": f"postgres://kasuwa:{given['POSTGRES_PASSWORD']}@postgres:5432/kasuwa",
        "REDIS_URL": "redis://redis:6379/0",
    }
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.DATABASES['default']['PASSWORD'])"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", **given, **of_compose},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


@pytest.mark.parametrize("key", ["", "sk_live_0123456789abcdef"])
def test_production_starts_on_what_was_written(tmp_path: Path, key: str) -> None:
    file = tmp_path / ".env"
    done = write(file, *(["--paystack-key", key] if key else []))
    assert done.returncode == 0, done.stderr
    assert ("--profile sandbox" in done.stdout) == (not key)
    given = settings_in(file)
    started = start(given)
    assert started.returncode == 0, started.stderr[-500:]
    assert started.stdout.strip() == given["POSTGRES_PASSWORD"]
    assert file.stat().st_mode & 0o077 == 0
    # The control: without its secret it does not start.
    assert start({**given, "SECRET_KEY": ""}).returncode != 0


def test_secrets_are_fresh_each_time(tmp_path: Path) -> None:
    names = ("SECRET_KEY", "POSTGRES_PASSWORD", "PAYSTACK_SECRET_KEY")
    written = []
    for name in ("a", "b"):
        write(tmp_path / name)
        written.append(settings_in(tmp_path / name))
    for name in names:
        assert written[0][name] != written[1][name]
        assert len(written[0][name]) >= 24
        assert re.fullmatch(r"[\w-]+", written[0][name]), "it stands in an address"


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SECRET_KEY=kept\n")
    done = write(file)
    assert done.returncode == 1
    assert "exists" in done.stderr
    assert file.read_text() == "SECRET_KEY=kept\n"
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    assert write(link).returncode == 1
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("domain", ["Market.example.com", "market", "https://market.example.com", "a b.c", "x.y\nA=1"])
def test_a_domain_that_is_none_is_refused(tmp_path: Path, domain: str) -> None:
    done = write(tmp_path / ".env", "--domain", domain)
    assert done.returncode == 2
    assert not (tmp_path / ".env").exists()


def test_compose_finds_every_variable_that_it_needs(tmp_path: Path) -> None:
    write(tmp_path / ".env")
    given = settings_in(tmp_path / ".env")
    needed = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    assert needed
    assert needed <= given.keys()


def test_pictures_are_on_one_volume_of_all_that_write_or_serve_them() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name in ("web", "worker", "bulk", "beat"):
        assert "media:/data" in services[name]["volumes"], name
        assert services[name]["environment"]["KASUWA_DATA_DIR"] == "/data", name
    folder = ROOT / "platform" / "deploy" / "kubernetes"
    [config, claim] = yaml.safe_load_all((folder / "config.yaml").read_text())
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    for name in ("web", "worker", "bulk", "beat"):
        [deployment, *_] = yaml.safe_load_all((folder / f"{name}.yaml").read_text())
        pod = deployment["spec"]["template"]["spec"]
        mounts = {mount["name"]: mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
        assert mounts["media"] == config["data"]["KASUWA_DATA_DIR"], name
        assert {"name": "media", "persistentVolumeClaim": {"claimName": claim["metadata"]["name"]}} in pod["volumes"]
