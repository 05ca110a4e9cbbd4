"""Factories for tests."""
