"""How many examples a test of a property draws: each run a share, and other ones, of what is drawn before a release.

`DRAWN_SHARE=1` draws all of them (CONTRIBUTING.md).
"""

import os

SHARE = float(os.environ.get("DRAWN_SHARE", "0.25"))


def drawn(whole: int) -> int:
    """Return the share of a number of examples that this run draws, at least one."""
    return max(1, round(whole * SHARE))
