"""A restore that stops where it is told, to be killed there: ``… restore_program FILE HOME PLACE``.

The place is ``MODULE:FUNCTION:TIMES``: before that call it says ``here`` and waits for ever.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.backing_up import bring_back


def stop_at(place: str) -> None:
    """Wait to be killed at the given call of a function."""
    module_name, name, times = place.split(":")
    module = import_module(module_name)
    function, left = getattr(module, name), int(times)

    def stopping(*arguments: Any, **more: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            os.write(1, b"here\n")
            signal.pause()
        return function(*arguments, **more)

    setattr(module, name, stopping)


if __name__ == "__main__":
    stop_at(sys.argv[3])
    bring_back(Path(sys.argv[1]), Path(sys.argv[2]), may_replace=True)
