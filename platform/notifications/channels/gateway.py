"""SMS and WhatsApp by an HTTP gateway of the operator's choice.

A message is `POST {channel, to, from, text, reference}` as JSON with a bearer token. The reference is the
`Idempotency-Key` too: a gateway that has taken a message answers its repetition with success and sends nothing.
"""

from django.conf import settings

from gateway.errors import ProviderUnavailableError, shortened
from gateway.http import Link
from kit.settings_cache import cached_by_settings
from notifications.channels.port import UndeliverableError
from notifications.models import TextMessage

# Refusals that are not of the message: of our token or address, or passing (its first call is under way, too many).
NOT_OF_THE_MESSAGE = frozenset({401, 403, 404, 405, 408, 409, 425, 429})
LONGEST_DIGITS = 5  # a day of seconds; longer waits are cut to one anyhow


class GatewayTransport:
    """One channel's gateway.

    Args:
        sender: the name or number that the reader sees.
    """

    def __init__(self, *, url: str, token: str, sender: str, timeout: float) -> None:
        self._url, self._token, self._sender = url, token, sender
        self._link = Link(base_url=url, timeout=timeout)

    def send(self, message: TextMessage) -> None:
        """Give a message to the gateway.

        Raises:
            UndeliverableError: the gateway refuses it: its number or its text.
            ProviderUnavailableError: no answer, or an unclear one: it may have been sent.
        """
        reference = str(message.pk)
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": reference,
        }
        body = {
            "channel": str(message.channel),
            "to": message.to,
            "from": self._sender,
            "text": message.text,
            "reference": reference,
        }
        answer = self._link.send("POST", self._url, headers=headers, body=body)
        if answer.status in range(200, 300):
            return
        said = shortened(answer.content[:400].decode("utf-8", "replace"))
        if answer.status in range(400, 500) and answer.status not in NOT_OF_THE_MESSAGE:
            raise UndeliverableError(f"The gateway refused it ({answer.status}): {said}")
        retry_after = _seconds(answer.headers.get("retry-after", ""))
        raise ProviderUnavailableError(f"The gateway answered {answer.status}: {said}", retry_after=retry_after)


@cached_by_settings
def gateways() -> dict[str, GatewayTransport]:
    """Return the gateways that the settings name, by channel."""
    return {
        name: GatewayTransport(timeout=settings.TEXT_GATEWAY_TIMEOUT_SECONDS, **facts)
        for name, facts in settings.TEXT_GATEWAYS.items()
        if facts["url"]
    }


def _seconds(header: str) -> int | None:
    """Return the seconds of a Retry-After in digits; a date in it is not read."""
    text = header.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_DIGITS else None
