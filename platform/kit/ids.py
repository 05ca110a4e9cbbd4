"""Identifiers that sort by time or cannot be guessed."""

import os
import secrets
import time
from uuid import UUID, SafeUUID

# Crockford's base 32: no I, L, O or U, so a number can be read out over the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UUID7_MARKS = 0x7 << 76 | 0x2 << 62  # version and variant
UUID7_BITS = ~(0xF << 76 | 0x3 << 62)  # all others
_LETTERS = (ALPHABET * 8).encode("ascii")  # one for each byte


def uuid7() -> UUID:
    """Return a version 7 UUID (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    value = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10))
    return _of_integer(value & UUID7_BITS | UUID7_MARKS)


def _of_integer(value: int) -> UUID:
    """Return a UUID by its 128 bits, which its own constructor would first look for among seven forms."""
    made = object.__new__(UUID)
    object.__setattr__(made, "int", value)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


def _readable(length: int) -> str:
    # 32 characters, so the low five bits of a byte pick one without bias.
    return os.urandom(length).translate(_LETTERS).decode("ascii")


def order_number() -> str:
    """Return a number for an order, such as `KS-7F3K9QXD2M` (50 random bits)."""
    return f"KS-{_readable(10)}"


def access_key() -> str:
    """Return a key that lets its holder see one guest's order (128 random bits, URL-safe)."""
    return secrets.token_urlsafe(16)
