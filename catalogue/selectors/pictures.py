"""Names and addresses of pictures: tables hold the large file's name, the small one is beside it."""

from kit.files import full_media_url, media_url

LARGE_PX = 800
SMALL_PX = 400
_LARGE_END = f"-{LARGE_PX}.webp"
_SMALL_END = f"-{SMALL_PX}.webp"


def product_folder(shop_id: int) -> str:
    """Return the folder of a shop's product pictures in the media storage."""
    return f"shops/{shop_id}/products"


def picture_names(*, shop_id: int, product_id: object, token: str) -> tuple[str, str]:
    """Return the names of a picture's large and small file."""
    stem = f"{product_folder(shop_id)}/{product_id}/{token}"
    return stem + _LARGE_END, stem + _SMALL_END


def small_name(file: str) -> str:
    """Return the small file of a picture; pictures from elsewhere have one size."""
    return file.removesuffix(_LARGE_END) + _SMALL_END if file.endswith(_LARGE_END) else file


def picture_url(file: str) -> str:
    """Return the address of a picture, or nothing for nothing."""
    return media_url(file)


def small_picture_url(file: str) -> str:
    """Return the address of a picture's small form, or nothing for nothing."""
    return picture_url(small_name(file))


def full_picture_url(file: str) -> str:
    """Return the address of a picture with its host, for programs; nothing for nothing."""
    return full_media_url(file)


def full_small_picture_url(file: str) -> str:
    """Return the address of a picture's small form with its host, for programs; nothing for nothing."""
    return full_media_url(small_name(file))
