"""`python -m tests.texts.early`: print the texts that are looked up while the product's modules are loaded."""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django
from django.utils import translation

from tests.architecture.sources import ROOT

NOT_LOADED = {"management", "frontend", "settings", "celery.py", "wsgi.py", "rsgi.py"}
ELSEWHERE = "domain_notices.py"  # an Enum looks at its values, and keeps them as they are


def watch() -> set[str]:
    """Note each text of ours that is looked up from now on, with the line that asks for it."""
    found: set[str] = set()
    underlying: Any = vars(translation)["_trans"]
    translate = underlying.gettext

    def noting(message: str) -> Any:
        for frame in reversed(traceback.extract_stack()[:-1]):
            if frame.filename.startswith(str(ROOT)) and ".venv" not in frame.filename:
                if not frame.filename.endswith(ELSEWHERE):
                    found.add(f"{frame.filename}:{frame.lineno} {message}")
                break
        return translate(message)

    underlying.gettext = noting
    return found


def load_everything() -> None:
    """Import every module that may hold texts."""
    from tests.texts.extract import product_files

    for path in product_files():
        if path.suffix == ".py" and not NOT_LOADED & {*path.parts}:
            parts = [part for part in path.relative_to(ROOT).with_suffix("").parts if part != "platform"]
            import_module(".".join(parts).removesuffix(".__init__"))


if __name__ == "__main__":
    django.setup()
    import_module("unfold.admin")  # looks up a text of its own; config.wsgi loads it before there is a language
    noted = watch()
    load_everything()
    sys.stdout.write("\n".join(sorted(noted)))
