"""The two modes of a counter: whose pile a scan goes to."""

from __future__ import annotations

CHECK_OUT = "check_out"
RETURN = "return"
