"""Statements of shops' money as people and programs read them: with orders and returns, in words, as files."""
