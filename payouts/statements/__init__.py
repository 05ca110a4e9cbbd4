"""Statements of shops' money: for each payout and each month, computed of journal entries alone."""
