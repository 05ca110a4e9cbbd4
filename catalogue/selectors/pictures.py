"""Names and addresses of pictures: tables hold the large file's name, the smaller ones are beside it."""

from kit.files import full_media_url, media_url

LARGE_PX = 800
SMALL_PX = 400
THUMBNAIL_PX = 128
# A stem with this end has a thumbnail beside it. Pictures of earlier releases have none: the name says so, and no
# page asks for a file that is not there (docs/adr/0070).
_HAS_THUMBNAIL = ".t"
_LARGE_END, _SMALL_END, _THUMBNAIL_END = (f"-{side}.webp" for side in (LARGE_PX, SMALL_PX, THUMBNAIL_PX))
_LARGE_END_WITH_THUMBNAIL = _HAS_THUMBNAIL + _LARGE_END


def product_folder(shop_id: int) -> str:
    """Return the folder of a shop's product pictures in the media storage."""
    return f"shops/{shop_id}/products"


def new_picture_name(*, shop_id: int, product_id: object, token: str) -> str:
    """Return the name of a new picture's large file."""
    return f"{product_folder(shop_id)}/{product_id}/{token}{_LARGE_END_WITH_THUMBNAIL}"


def small_name(file: str) -> str:
    """Return the small file of a picture; pictures from elsewhere have one size."""
    return _sibling(file, _LARGE_END, _SMALL_END)


def thumbnail_name(file: str) -> str:
    """Return the file of a picture for rows of lists: its thumbnail, or the smallest that it has."""
    if file.endswith(_LARGE_END_WITH_THUMBNAIL):
        return _sibling(file, _LARGE_END, _THUMBNAIL_END)
    return small_name(file)


def name_with_thumbnail(file: str) -> str:
    """Return the name under which a picture of an earlier release gets its thumbnail; "" for all others."""
    if not file.endswith(_LARGE_END) or file.endswith(_LARGE_END_WITH_THUMBNAIL):
        return ""
    return _sibling(file, _LARGE_END, _LARGE_END_WITH_THUMBNAIL)


def picture_files(file: str) -> dict[str, int]:
    """Return the names of all files of a picture, with the side in pixels of the square that each fits."""
    smallest_first = {thumbnail_name(file): THUMBNAIL_PX, small_name(file): SMALL_PX, file: LARGE_PX}
    return dict(reversed(smallest_first.items()))


def _sibling(file: str, end: str, other: str) -> str:
    return file.removesuffix(end) + other if file.endswith(end) else file


def picture_url(file: str) -> str:
    """Return the address of a picture, or nothing for nothing."""
    return media_url(file)


def small_picture_url(file: str) -> str:
    """Return the address of a picture's small form, or nothing for nothing."""
    return picture_url(small_name(file))


def thumbnail_url(file: str) -> str:
    """Return the address of a picture's form for rows of lists, or nothing for nothing."""
    return picture_url(thumbnail_name(file))


def full_picture_url(file: str) -> str:
    """Return the address of a picture with its host, for programs; nothing for nothing."""
    return full_media_url(file)


def full_small_picture_url(file: str) -> str:
    """Return the address of a picture's small form with its host, for programs; nothing for nothing."""
    return full_media_url(small_name(file))
