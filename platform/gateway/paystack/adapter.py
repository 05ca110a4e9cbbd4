"""The port, over pypaystack2."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPMethod, HTTPStatus
from urllib.parse import quote, urlencode

from pypaystack2.sub_clients import RefundClient, TransactionClient, TransferControlClient, VerificationClient

from gateway.bounds import currency as currency_code
from gateway.bounds import whole
from gateway.disputes import DisputeAnswer, DisputeEvidence, DisputeFile, DisputeReport
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from gateway.events import ProviderEvent
from gateway.facts import Capabilities
from gateway.http import Link
from gateway.paystack import events
from gateway.paystack.amounts import LIMITS, from_provider, to_provider
from gateway.paystack.answers import charge_of, items, next_cursor, read_bank, read_refund, read_verification, record
from gateway.paystack.disputes import DisputeCalls
from gateway.paystack.names import LABEL
from gateway.paystack.records import list_records
from gateway.paystack.signatures import is_paystack_signature
from gateway.paystack.transfers import RULES, TransferCalls, parse_approval
from gateway.paystack.transport import Transport, body_of
from gateway.port import (
    Bank,
    BankAccount,
    ChargeRequest,
    ChargeStatus,
    PaymentPage,
    PaymentProvider,
    ProviderBalance,
    RefundReport,
    RefundRequest,
    Verification,
)
from gateway.records import ProviderRecord, RecordKind
from gateway.references import ReferenceRule
from gateway.stored_sentences import NO_PAGE, TOO_MANY_REFUNDS
from gateway.transfers import ApprovalQuestion, Recipient, RecipientRequest, TransferReport, TransferRequest

# Narrower than what Paystack takes, so that nothing in a reference can change the address it is put in.
REFERENCE = re.compile(r"[a-z0-9-]{16,50}")
SIGNATURE_HEADER = "x-paystack-signature"
PAGE_SIZE = 100
MAX_PAGES = 50


class _Transactions(Transport, TransactionClient):
    pass


class _Refunds(Transport, RefundClient):
    pass


class _Balances(Transport, TransferControlClient):
    pass


class _Verifications(Transport, VerificationClient):
    pass


class Paystack(PaymentProvider):
    """Paystack, as the platform sees a payment provider."""

    label = LABEL
    signature_header = SIGNATURE_HEADER
    # Its refund events carry no refund id, and it has no way to ask about one by our key.
    capabilities = Capabilities(disputes=True, transfers=True, resolves_accounts=True, lists_records=True)
    limits = LIMITS
    references = ReferenceRule()  # within REFERENCE
    transfers = RULES

    def __init__(self, *, secret_key: str, base_url: str, timeout: float) -> None:
        self._secret_key = secret_key
        link = Link(base_url=base_url, timeout=timeout)
        self._transactions = _Transactions(link, secret_key=secret_key)
        self._refunds = _Refunds(link, secret_key=secret_key)
        self._balances = _Balances(link, secret_key=secret_key)
        self._verifications = _Verifications(link, secret_key=secret_key)
        self._transfer_calls = TransferCalls(link, secret_key=secret_key)
        self._dispute_calls = DisputeCalls(link, secret_key=secret_key, timeout=timeout)

    @property
    def is_live(self) -> bool:
        """Return whether the key is one that moves real money."""
        return self._secret_key.startswith("sk_live_")

    def is_authentic(self, *, body: bytes, headers: Mapping[str, str]) -> bool:
        """Return whether the raw body is signed with our key."""
        signature = headers.get(SIGNATURE_HEADER, "")
        return is_paystack_signature(body=body, signature=signature, secret_key=self._secret_key)

    def parse_event(self, *, body: bytes) -> ProviderEvent:
        """Return the event that a body describes."""
        return events.parse_event(body)

    def initialise(self, request: ChargeRequest) -> PaymentPage:
        """Ask for a page where the buyer pays.

        The library would send its own name for `transaction_charge` and cannot send a split: the payload
        is ours.
        """
        payload = {
            "email": request.email,
            "amount": to_provider(request.amount_minor),
            "currency": request.currency,
            "reference": checked(request.reference),
            "callback_url": request.callback_url,
            "metadata": dict(request.metadata),
        }
        data = record(self._transactions.ask(HTTPMethod.POST, "/transaction/initialize", payload))
        if data.get("reference") != request.reference:
            raise ProviderUnavailableError(NO_PAGE.written(provider=LABEL))
        return PaymentPage(reference=request.reference, url=data.get("authorization_url") or "")

    def verify(self, reference: str) -> Verification:
        """Ask Paystack for the status of a charge; an unknown reference is `NOT_KNOWN`."""
        try:
            body = body_of(self._transactions.verify(quote(checked(reference), safe="")))
        except ProviderRefusedError as refusal:
            if _is_not_found(refusal):
                return Verification(reference=reference, status=ChargeStatus.NOT_KNOWN, message=str(refusal))
            raise
        return read_verification(record(body), reference=reference)

    def refund(self, request: RefundRequest) -> RefundReport:
        """Give back a part or all of a charge; our key travels as the merchant's note."""
        payload = {
            "transaction": checked(request.charge_reference),
            "amount": to_provider(request.amount_minor),
            "currency": request.currency,
            "customer_note": request.reason,
            "merchant_note": request.key,
        }
        return read_refund(record(self._refunds.ask(HTTPMethod.POST, "/refund", payload)))

    def find_refunds(self, *, charge_id: str, since: datetime) -> Sequence[RefundReport]:
        """Return all refunds of a charge, also those that were made on the provider's dashboard.

        The library misnames the date filters (`start_date` for `from`). `transaction` is documented on Paystack's site
        but missing from its OpenAPI description, so the answer is filtered here too.

        Raises:
            UnreadableAnswerError: a refund names no charge. Left out, it might be one that would be sent once more.
        """
        if not charge_id.isdecimal():
            raise ValueError(f"{charge_id!r} is not the id of a charge.")
        found: list[RefundReport] = []
        for page in range(1, MAX_PAGES + 1):
            query = {"transaction": charge_id, "from": since.isoformat(), "perPage": PAGE_SIZE, "page": page}
            listed = items(self._refunds.ask(HTTPMethod.GET, f"/refund?{urlencode(query)}"))
            found += [read_refund(item) for item in listed if charge_of(item) == charge_id]
            if len(listed) < PAGE_SIZE:
                return found
        raise ProviderUnavailableError(TOO_MANY_REFUNDS.written(provider=LABEL))

    def balance(self) -> Sequence[ProviderBalance]:
        """Return our balance at Paystack, per currency."""
        listed = items(body_of(self._balances.check_balance()))
        return [
            ProviderBalance(
                currency_code(item.get("currency")), from_provider(whole(item.get("balance"), "The balance"))
            )
            for item in listed
        ]

    def records(self, *, kind: RecordKind, since: datetime, until: datetime) -> Iterator[ProviderRecord]:
        """Yield Paystack's records of a kind; charges that are paid, and those of them that were given back whole."""
        return list_records(self._transactions, kind=kind, since=since, until=until)

    def find_dispute(self, provider_id: str) -> DisputeReport | None:
        """Ask Paystack about a dispute."""
        return self._dispute_calls.find(provider_id)

    def disputes(self, *, since: datetime, until: datetime) -> Iterator[DisputeReport]:
        """Yield the disputes that were opened between two times."""
        return self._dispute_calls.listed(since=since, until=until)

    def add_dispute_evidence(self, evidence: DisputeEvidence) -> str:
        """Send a statement about the sale."""
        return self._dispute_calls.add_evidence(evidence)

    def upload_dispute_file(self, file: DisputeFile) -> str:
        """Send a file to the address that Paystack names."""
        return self._dispute_calls.upload(file)

    def answer_dispute(self, answer: DisputeAnswer) -> None:
        """Accept a dispute, or decline it."""
        self._dispute_calls.answer(answer)

    def banks(self, *, currency: str) -> Sequence[Bank]:
        """Return the banks of a currency's country; the library reads the first page alone."""
        found: list[Bank] = []
        cursor = ""
        for _ in range(MAX_PAGES):
            query = {"currency": currency, "use_cursor": "true", "perPage": PAGE_SIZE} | (
                {"next": cursor} if cursor else {}
            )
            body = self._verifications.ask(HTTPMethod.GET, f"/bank?{urlencode(query)}")
            found += filter(None, map(read_bank, items(body)))
            cursor = next_cursor(body)
            if not cursor:
                break
        return found

    def resolve_account(self, *, number: str, bank_code: str) -> BankAccount:
        """Ask a bank whose account it is."""
        if not (number.isdecimal() and bank_code.isalnum()):
            raise ValueError("An account number has digits only, a bank's code letters and digits.")
        response = self._verifications.resolve_account_number(account_number=number, bank_code=bank_code)
        data = record(body_of(response))
        return BankAccount(number=number, name=data.get("account_name") or "", bank_code=bank_code)

    def create_recipient(self, request: RecipientRequest) -> Recipient:
        """Register a bank account."""
        return self._transfer_calls.create_recipient(request)

    def transfer(self, request: TransferRequest) -> TransferReport:
        """Send money to a recipient."""
        return self._transfer_calls.transfer(request)

    def transfer_many(self, requests: Sequence[TransferRequest]) -> Sequence[TransferReport]:
        """Send money to up to a hundred recipients."""
        return self._transfer_calls.transfer_many(requests)

    def find_transfer(self, reference: str) -> TransferReport:
        """Ask Paystack for the state of a transfer."""
        return self._transfer_calls.find_transfer(reference)

    def parse_approval(self, *, body: bytes) -> ApprovalQuestion | None:
        """Return the transfer about which Paystack asks before it moves money."""
        return parse_approval(body)


def checked(reference: str) -> str:
    """Return a reference that is safe to put in an address.

    Raises:
        ValueError: it is not one of ours.
    """
    if not REFERENCE.fullmatch(reference):
        raise ValueError(f"{reference!r} is not a payment reference of ours.")
    return reference


def _is_not_found(refusal: ProviderRefusedError) -> bool:
    return (
        refusal.status == HTTPStatus.NOT_FOUND
        or refusal.code == "transaction_not_found"
        or "not found" in str(refusal).lower()
    )
