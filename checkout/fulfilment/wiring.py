"""How fulfilment is joined to the other apps."""

from checkout.fulfilment.audit import AUDIT_CHECKS

CONTRIBUTES = (*AUDIT_CHECKS,)
