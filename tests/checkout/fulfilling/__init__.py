"""Tests of packing, shipping and delivering."""
