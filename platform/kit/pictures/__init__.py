"""Uploaded pictures: read within bounds of memory, one at a time on a machine."""
