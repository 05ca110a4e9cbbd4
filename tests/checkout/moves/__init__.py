"""Tests of the table of states and moves."""
