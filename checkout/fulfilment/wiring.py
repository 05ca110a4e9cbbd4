"""How fulfilment is joined to the other apps."""

from checkout.fulfilment.audit import AUDIT_CHECKS
from tenants.services.archives.parts import Pictures

CONTRIBUTES = (*AUDIT_CHECKS, Pictures("fulfilment_vendororderline", "image", lambda file: {file}))
