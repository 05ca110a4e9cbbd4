"""Health of the schemas: whether `public` and the shops have all migrations."""

from datetime import datetime

from django.utils.translation import gettext, gettext_lazy

from kit.work.health import Finding, HealthProbe
from tenants.schemas.migrations import pending_public, shops_state


def find_schemas(_: datetime) -> Finding:
    """Count the migrations that are missing in `public`, and the shops that are behind."""
    shops, pending = shops_state(), len(pending_public())
    behind, missing = len(shops.outdated), len(shops.missing)
    words = {"total": shops.total, "behind": behind, "missing": missing, "pending": pending}
    figures = gettext(
        "Shops: %(total)s, behind the code: %(behind)s, without a schema: %(missing)s. Pending migrations of the "
        "market: %(pending)s."
    )
    return Finding(not (behind or missing or pending), figures % words)


SCHEMAS = HealthProbe(
    "schemas",
    gettext_lazy("Schemas"),
    gettext_lazy("Run manage.py migrate. Shops that fail are listed under Shop schemas with the reason."),
    find_schemas,
)
