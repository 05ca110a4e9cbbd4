"""The moment at which the tests' market lives, a day, and the moment at which pages are asked."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = datetime.now(UTC)  # for what a view judges, which reads the clock itself, such as the age of an invitation
