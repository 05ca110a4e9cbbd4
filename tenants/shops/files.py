"""The folders of shops in the storages."""

from kit.files import MEDIA, PRIVATE, Folder, is_plain_name

SHOPS = "shops/"


def shop_media(shop_id: int) -> Folder:
    """Return the folder of a shop's pictures."""
    return Folder(MEDIA, f"{SHOPS}{int(shop_id)}/")


def shop_uploads(shop_id: int) -> Folder:
    """Return the folder of a shop's own uploads, which no address leads to."""
    return Folder(PRIVATE, f"{SHOPS}{int(shop_id)}/")


def shop_exports(shop_id: int) -> Folder:
    """Return the folder of the archives that a shop's owner asked for."""
    return Folder(PRIVATE, f"exports/{int(shop_id)}/")


def readable_media(shop_id: int, name: str) -> Folder | None:
    """Return the folder in which a shop may read a picture: its own, or one that no shop owns; None for all others."""
    own = shop_media(shop_id)
    if own.holds(name):
        return own
    shared, has_folder, _ = name.partition("/")
    if name.startswith(SHOPS) or not has_folder or not is_plain_name(name):
        return None
    return Folder(MEDIA, f"{shared}/")
