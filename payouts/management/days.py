"""The first day that commands about money take: no market is older, and every margin can be taken off it."""

from datetime import date

FIRST_DAY = date(2000, 1, 1)
