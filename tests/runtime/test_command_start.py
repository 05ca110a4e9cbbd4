"""A command loads what commands need, not what serves pages and the API: each second of it is a contributor's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection
from importlib.util import find_spec
from inspect import getfile
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

from tests.architecture.sources import ROOT

# By their top or full names; each is loaded by what needs it, when it does.
NOT_AT_START = frozenset(
    {
        *(
            "celery",
            "redis",
            "httpcore",
            "PIL",
            "babel",
            "granian",
            "idna.uts46data",
            "jsonschema",
            "phonenumbers",
            "pycountry",
            "paystack_sandbox",
        ),
        *("rest_framework.serializers", "rest_framework.views", "drf_spectacular.utils", "unfold.admin"),
        *("config.urls_platform", "config.urls_shop", "console.views", "vendors.views", "demo", "replay.ordering"),
    }
)
PRINT_MODULES = """
import sys
from runtime.entry import main
assert main(["manage.py", "help"]) == 0
print("\\n".join(["", "MODULES", *sys.modules]))
"""


def needless(loaded: Collection[str]) -> set[str]:
    """Return what is loaded and has no part in the start of a command."""
    return set(loaded) & NOT_AT_START


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The modules that `manage.py help` has loaded: those of every command."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "KASUWA_DATA_DIR": str(tmp_path_factory.mktemp("data")),
    }
    answer = subprocess.run(
        [sys.executable, "-c", PRINT_MODULES], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return answer.stdout.partition("MODULES\n")[2].split()


def test_a_command_loads_nothing_that_serves_pages(loaded: list[str]) -> None:
    assert needless(loaded) == set(), "Find who imports it: python -X importtime manage.py help"


def test_models_and_settings_are_loaded(loaded: list[str]) -> None:
    """The control: what was looked at is a whole start."""
    assert {"django", "config.settings.local", "catalogue.models", "checkout.models"} <= set(loaded)
    assert needless([*loaded, "redis"]) == {"redis"}
    assert [name for name in NOT_AT_START if find_spec(name) is None] == []


def test_of_our_commands_migrate_alone_has_everything_checked_before() -> None:
    """Checks load what serves pages."""
    folders = {config.name: Path(config.path) for config in apps.get_app_configs()}
    names = [
        (name, app)
        for name, app in get_commands().items()
        if app in folders and folders[app].is_relative_to(ROOT) and ".venv" not in folders[app].parts
    ]
    commands = {name: load_command_class(app, name) for name, app in names}
    assert all(Path(getfile(type(command))).is_relative_to(ROOT) for command in commands.values())
    assert {"migrate_shops", "shops", "audit_money", "up"} < {*commands}
    assert {name for name, command in commands.items() if command.requires_system_checks} == {"migrate"}
