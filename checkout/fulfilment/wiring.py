"""Contributions of fulfilment to the other apps."""

from checkout.fulfilment.audit import AUDIT_CHECKS
from checkout.fulfilment.services.archived_rows import faults_of_orders
from kit.status_tones import StatusTones
from tenants.services.archives.parts import Pictures, RowsCheck

CONTRIBUTES = (
    StatusTones("fulfilment", success=("delivered",), warning=("new",), info=("packed", "shipped")),
    *AUDIT_CHECKS,
    Pictures("fulfilment_vendororderline", "image", lambda file: {file}),
    RowsCheck(faults_of_orders),
)
