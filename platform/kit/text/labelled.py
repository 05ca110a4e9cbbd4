"""A name and its value in one line, with the colon of the language that is active."""

from django.utils.translation import gettext


def labelled(name: object, value: object) -> str:
    """Return a name, a colon and a value: `Colour: Plum`; French has a no-break space before its colon."""
    return gettext("%(name)s: %(value)s") % {"name": name, "value": value}
