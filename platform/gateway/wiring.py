"""Contributions of the gateway to the other apps."""

from gateway.stored_sentences import SENTENCES

CONTRIBUTES = SENTENCES
