"""References of charges: unguessable, and in a form that the provider takes."""

import math
import os
from dataclasses import dataclass

# A reference shows a guest's order to the browser that presents it, so it is as hard to guess as a session's key.
LEAST_RANDOM_BITS = 96
LONGEST = 50  # as the column that keeps it

LETTERS_AND_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, to be read out over the phone


@dataclass(frozen=True, slots=True)
class ReferenceRule:
    """Form of a provider's references: a prefix, then random characters of an alphabet.

    Args:
        alphabet: a power of two of characters, so that the bits of a byte pick one without bias.
        length: how many random characters follow the prefix.

    Raises:
        ValueError: the references could be guessed, would not fit, or could not be put in an address.
    """

    prefix: str = "ks-"
    alphabet: str = LETTERS_AND_DIGITS
    length: int = 20

    def __post_init__(self) -> None:
        size = len(set(self.alphabet))
        if size != len(self.alphabet) or size < 2 or size & (size - 1):  # noqa: PLR2004 - two to choose from
            raise ValueError("An alphabet has 2, 4, 8 … different characters.")
        if not all(character.isascii() and (character.isalnum() or character in "-_.") for character in self._all):
            raise ValueError("A reference is of ASCII letters, digits, '-', '_' and '.' alone.")
        if self.length * math.log2(size) < LEAST_RANDOM_BITS:
            raise ValueError(f"A reference has at least {LEAST_RANDOM_BITS} random bits.")
        if len(self.prefix) + self.length > LONGEST:
            raise ValueError(f"A reference has at most {LONGEST} characters.")

    @property
    def _all(self) -> str:
        return self.prefix + self.alphabet

    def new(self) -> str:
        """Return a reference that has never been used."""
        letters = (self.alphabet * (256 // len(self.alphabet))).encode("ascii")  # one for each byte
        return self.prefix + os.urandom(self.length).translate(letters).decode("ascii")
