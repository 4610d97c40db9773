"""A back-up that stops before it has its name, to be killed there: ``… backup_program FILE HOME``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.backing_up import back_up
from tests.crash.restore_program import stop_at

if __name__ == "__main__":
    stop_at("desk.backups.making:_put_in_place:1")
    back_up(Path(sys.argv[2]), Path(sys.argv[1]))
