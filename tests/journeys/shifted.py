"""The app under a clock that a test moves, in this process only.

A round takes weeks and its dates are frozen when they are announced, so the journey lets time go by: the
file named by JOURNEY_CLOCK says how many seconds this process is ahead of the real clock.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from voting import clock
from voting.app import create_app

_real_now = clock.now


def _now() -> datetime:
    ahead = float(Path(os.environ["JOURNEY_CLOCK"]).read_text())
    return _real_now() + timedelta(seconds=ahead)


clock.now = _now
app = create_app()
