"""Answering a provider that asks about a transfer before it moves money."""

from collections.abc import Mapping

from gateway import get_provider
from gateway.registry import UnknownProviderError
from payouts.runs.transfer_approval import is_approved
from webhooks.errors import TransferNotApprovedError, UnknownWebhookProviderError


def approve_transfer(*, provider: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Approve the transfer that a body names, if it is one of ours that is under way; nothing is changed.

    A provider may ask without a signature: the answer tells no more than the question, and changes nothing. A signature
    that is there has to be right.

    Raises:
        UnknownWebhookProviderError: there is no such provider, or it sends no transfers.
        TransferNotApprovedError: it is no transfer that we have under way.
    """
    try:
        sender = get_provider(provider)
    except UnknownProviderError as error:
        raise UnknownWebhookProviderError from error
    if not sender.capabilities.transfers:
        raise UnknownWebhookProviderError
    is_signed = bool(sender.signature_header and headers.get(sender.signature_header))
    if is_signed and not sender.is_authentic(body=body, headers=headers):
        raise TransferNotApprovedError
    question = sender.parse_approval(body=body)
    if question is None or not is_approved(provider=provider, question=question):
        raise TransferNotApprovedError
