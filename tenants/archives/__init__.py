"""A shop in one file: export, restore, move to another installation, copy."""

from tenants.archives.clone import clone_shop
from tenants.archives.export import Exported, export_shop
from tenants.archives.restore import Restored, restore_archive

__all__ = ["Exported", "Restored", "clone_shop", "export_shop", "restore_archive"]
