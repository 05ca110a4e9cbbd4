"""Contributions of fulfilment to the other apps."""

from catalogue.selectors.option_names import option_names
from checkout.fulfilment.audit import AUDIT_CHECKS
from checkout.fulfilment.services.archived_rows import faults_of_orders
from kit.stored.columns import KeptAsWritten, OrderOfPairs
from kit.web.status_tones import StatusTones
from tenants.archives.parts import Pictures, RowsCheck

CONTRIBUTES = (
    StatusTones("fulfilment", success=("delivered",), warning=("new",), info=("packed", "shipped")),
    *AUDIT_CHECKS,
    Pictures("fulfilment_vendororderline", "image", lambda file: {file}),
    RowsCheck(faults_of_orders),
    KeptAsWritten("fulfilment.VendorOrderLine", "a snapshot of what was bought; the form of its options alone changes"),
    OrderOfPairs("fulfilment.VendorOrderLine", "product_id", option_names),
)
