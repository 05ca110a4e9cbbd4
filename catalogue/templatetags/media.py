"""`{{ line.image|media_small }}`: addresses of pictures in the media storage."""

from django import template

from catalogue.selectors.pictures import picture_url, small_picture_url, thumbnail_url

register = template.Library()


@register.filter
def media_url(name: str | None) -> str:
    """Return the address of a stored picture, or nothing for nothing."""
    return picture_url(name or "")


@register.filter
def media_small(name: str | None) -> str:
    """Return the address of a picture's small form, or nothing for nothing."""
    return small_picture_url(name or "")


@register.filter
def media_thumbnail(name: str | None) -> str:
    """Return the address of a picture's form for rows of lists, or nothing for nothing."""
    return thumbnail_url(name or "")
