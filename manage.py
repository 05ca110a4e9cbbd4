#!/usr/bin/env python
"""Run a management command; `manage.py up` runs the whole market."""

import sys

from runtime.entry import run

if __name__ == "__main__":
    sys.exit(run(sys.argv))
