"""Stored sentences in the answers of the API."""

from typing import Any

from rest_framework import serializers

from kit.sentences.stored import in_words


class InWordsField(serializers.CharField):
    """A stored sentence, answered in the language of the request."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_blank": True, **options})

    def to_representation(self, value: Any) -> str:
        """Return the sentence in the language that is active."""
        return in_words(super().to_representation(value))
