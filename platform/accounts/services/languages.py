"""The language in which a person reads pages, letters and messages."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from accounts.models import User
from kit.db.roles import as_platform
from kit.text.languages import speaking


def choose_language(*, user: User, language: str) -> None:
    """Keep the language that a person has chosen."""
    user.language = language
    with as_platform():
        User.objects.filter(pk=user.pk).update(language=language)


def settle_language(*, user: User, is_chosen: bool) -> str:
    """Return a person's language as they sign in.

    A person who has none yet keeps the language of the page, where they have chosen it.

    Args:
        is_chosen: the browser keeps a language, so that of the page was chosen.
    """
    spoken = translation.get_language() or ""
    if not user.language and is_chosen:
        choose_language(user=user, language=spoken)
    return user.language


@contextmanager
def speaking_to(*, user_id: int | None = None, email: str = "", otherwise: str = "") -> Iterator[None]:
    """Write everything inside in the language of a person, found by id or by address.

    Args:
        otherwise: the language for a person who has chosen none, or has no account.
    """
    with as_platform():
        people = User.objects.filter(pk=user_id) if user_id is not None else User.objects.filter(email=email.lower())
        chosen = people.values_list("language", flat=True).first()
    with speaking(chosen or otherwise):
        yield
