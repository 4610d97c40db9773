"""What commands say: sentences on standard output, one JSON object as the last line, progress on standard error."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(text: str) -> None:
    """Write a line for whoever runs the command."""
    sys.stdout.write(f"{text}\n")


def say_json(content: dict[str, Any]) -> None:
    """Write one JSON object on a line of its own: the last one."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")
    sys.stdout.flush()
