"""Text messages as files in the folder of local e-mail, where the mailbox pages show them."""

from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings

from notifications.models import TextMessage

END = "-" * 79


class FileTransport:
    """Writes messages in the form of Django's file backend; one that is sent again replaces its file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: TextMessage) -> None:
        """Write a message whole, so that no reader sees a half."""
        letter = EmailMessage()
        letter["X-Channel"] = str(message.channel)
        letter["From"] = settings.DEFAULT_FROM_EMAIL
        letter["To"] = message.to
        letter["Subject"] = message.get_channel_display()
        letter["Date"] = format_datetime(message.created_at)
        letter.set_content(message.text)
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{message.created_at:%Y%m%d-%H%M%S}-{message.pk.int % 10**18}"
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(letter.as_bytes() + f"\n{END}\n".encode())
        unfinished.replace(self._folder / f"{name}.log")
