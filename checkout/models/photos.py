"""Base of the photos that people send about an order."""

from typing import ClassVar

from django.db import models

from kit.files import PRIVATE, Folder
from kit.ids import uuid7


class PrivatePhoto(models.Model):
    """A picture about an order, kept in the private storage."""

    FOLDER: ClassVar[str]  # of all photos of its kind

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("checkout.Order", on_delete=models.PROTECT, related_name="+")
    file = models.CharField(max_length=200, help_text="A file in the private storage.")
    created_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.file

    @classmethod
    def folder_of(cls, order_id: object) -> Folder:
        """Return the folder of an order's photos."""
        return Folder(PRIVATE, f"{cls.FOLDER}/{order_id}/")

    @property
    def folder(self) -> Folder:
        """Return the folder of its file."""
        return self.folder_of(self.order_id)
