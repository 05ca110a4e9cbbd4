"""`python -m runtime.up OPTIONS`: one start of the market, for `up --reload`; the options are JSON."""

import json
import sys

from kit.garbage import collect_garbage_rarely
from runtime.unusable import report_refusals
from runtime.up import launch
from runtime.up.options import Options
from runtime.up.reload import REFUSED

if __name__ == "__main__":
    options = Options(**json.loads(sys.argv[1]))
    collect_garbage_rarely()
    sys.exit(REFUSED if report_refusals(lambda: launch.run(options)) else 0)
