"""All commands of money. Importing this module is what makes the desk know them."""

from desk.money.claiming import ClaimLoans
from desk.money.paying import Pay
from desk.money.paying_back import PayOut, Refund
from desk.money.settling import Waive, WriteFee
from desk.money.statement import MakeStatement
from desk.money.till import CloseTill

__all__ = ["ClaimLoans", "CloseTill", "MakeStatement", "Pay", "PayOut", "Refund", "Waive", "WriteFee"]
