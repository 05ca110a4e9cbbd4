"""How the ledger is joined to the other apps."""

from payouts.audit.ledger import LEDGER_CHECKS

CONTRIBUTES = (*LEDGER_CHECKS,)
