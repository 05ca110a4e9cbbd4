"""Years of the times that coupons and offers may have."""

from datetime import UTC, datetime

from django.db.models import Q

# Within them a time can be written in every time zone; it is also no slip of the keyboard, such as 0025 for 2025.
FIRST_YEAR, LAST_YEAR = 2000, 2100


def within_years(*names: str) -> Q:
    """Return the condition that columns are empty, or within the years; with a day to spare for time zones."""
    bounds = (datetime(FIRST_YEAR - 1, 12, 31, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 2, tzinfo=UTC))
    condition = Q()
    for name in names:
        condition &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": bounds})
    return condition
