"""Kinds of queue entry: a code, or an order that waits its turn behind the scans (C7)."""

from __future__ import annotations

CODE = "code"
END = "end"
TO_CHECK_OUT = "to_check_out"
TO_RETURN = "to_return"
LAST_BORROWER = "last_borrower"
SIGN_OFF = "sign_off"
UNDO = "undo"
TO_BORROWER = "to_borrower"
DROP_BOX = "drop_box"
DROP_BOX_ENDS = "drop_box_ends"
BRANCH_CHECK = "branch_check"
RECEIPT = "receipt"
