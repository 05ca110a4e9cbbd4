"""`{{ payment.note|in_words }}`: a stored sentence in the reader's language."""

from django import template

from kit.sentences.stored import in_words as said_in_words

register = template.Library()


@register.filter
def in_words(text: str | None) -> str:
    """Return a stored text in the language that is active; nothing for nothing."""
    return said_in_words(text or "")
