"""The port of every channel: what a transport is given, and what it answers.

A transport returns once the other side has taken the message. `UndeliverableError` says that it never will; whatever
else is raised leaves the outcome unknown, and the message is sent again with the same reference.
"""

from typing import Protocol, TypeVar

from notifications.models import Channel

M_contra = TypeVar("M_contra", contravariant=True)

TEXT_CHANNELS = (Channel.SMS, Channel.WHATSAPP)


class UndeliverableError(Exception):
    """This message cannot be sent, now or later."""


class Transport(Protocol[M_contra]):
    """Brings messages of one channel to people."""

    def send(self, message: M_contra) -> None:
        """Hand a message over.

        Raises:
            UndeliverableError: it cannot be sent, now or later.
        """
        ...
