"""Contributions of the ledger to the other apps."""

from django.utils.translation import gettext_lazy

from kit.stored.columns import KeptAsWritten
from kit.web.status_tones import StatusTones
from kit.wiring import Follows
from payouts.audit.commission import COMMISSION_RULES
from payouts.audit.disputes import DISPUTE_CHECKS, DISPUTES_UNDECIDED
from payouts.audit.ledger import LEDGER_CHECKS
from payouts.audit.payouts import PAYOUT_CHECKS
from payouts.audit.release import RELEASE_CHECKS
from payouts.audit.transfers import TRANSFERS_UNDER_WAY
from payouts.capabilities import CAPABILITIES
from payouts.models import DifferenceKind
from payouts.reconciliation.steps import AskAgain
from payouts.runs.poll_transfers import is_transfer, refresh_transfer
from payouts.selectors.shop_lifecycle import money_left
from payouts.services.accounts import open_accounts_of
from payouts.services.archives import BANK_ACCOUNTS, LEDGER, PAYOUTS, RELEASES, compare_ledger
from payouts.services.bank_accounts import record_approved_account
from payouts.stored_sentences import SENTENCES
from payouts.watch.health import WATCH_HEALTH
from payouts.watch.waiting import WAITING_CHECKS
from tenants.applications.services.decisions import ApplicationApproved
from tenants.archives.parts import PublicPart
from tenants.database.grants import MINE, READ, Grant
from tenants.life.hooks import Obstacle, Stage
from tenants.life.provisioning import ShopProvisioned
from tenants.shops.particulars import Particular

OWN_ACCOUNT = "account_id IN (SELECT id FROM payouts_account)"

FOLLOWS = (
    Follows(ShopProvisioned, open_accounts_of),
    Follows(ApplicationApproved, record_approved_account),
)

CONTRIBUTES = (
    AskAgain(
        DifferenceKind.TRANSFER,
        lambda provider, reference, now: refresh_transfer(provider=provider, reference=reference, now=now),
        is_ours=is_transfer,
    ),
    StatusTones(
        "payouts",
        success=("on", "ok", "won"),
        warning=("asked", "blocked", "otp", "abandoned", "open"),
        info=("sending", "with_bank"),
        error=("off", "rejected", "reversed", "lost"),
    ),
    *CAPABILITIES,
    *SENTENCES,
    Particular("usable_from", gettext_lazy("usable from")),
    Particular("is_first", gettext_lazy("the first account")),
    *LEDGER_CHECKS,
    *RELEASE_CHECKS,
    *PAYOUT_CHECKS,
    *DISPUTE_CHECKS,
    COMMISSION_RULES,
    *WAITING_CHECKS,
    WATCH_HEALTH,
    KeptAsWritten("payouts.CommissionRule", "commission rules, which are final once they are on"),
    TRANSFERS_UNDER_WAY,
    DISPUTES_UNDECIDED,
    Obstacle(Stage.DELETED, money_left),
    PublicPart("ledger", LEDGER, compare_ledger, ("id", "currency", "amount_minor")),
    PublicPart("bank_accounts", BANK_ACCOUNTS),
    PublicPart("releases", RELEASES),  # stays where it is when a shop is restored, as the ledger does
    PublicPart("payouts", PAYOUTS),
    # Balances of the shop.
    Grant("payouts_account", READ, MINE),
    Grant("payouts_bankaccount", READ, MINE),  # written by the platform alone, who has asked the bank
    # When the shop's money is released, and what holds it; written by the platform alone.
    Grant("payouts_releaseschedule", READ, MINE),
    Grant("payouts_releaseterms", READ, MINE),
    Grant("payouts_reserve", READ, MINE),
    Grant(
        "payouts_releasehold",
        READ,
        "EXISTS (SELECT FROM payouts_releaseschedule s WHERE s.sub_order_id = payouts_releasehold.schedule_id)",
    ),
    Grant("payouts_payout", READ, MINE),  # made by the platform alone
    Grant("payouts_payoutschedule", READ, MINE),
    Grant("payouts_balance", READ, OWN_ACCOUNT),
    Grant("payouts_entry", READ, OWN_ACCOUNT),
    Grant("payouts_journal", READ, "EXISTS (SELECT FROM payouts_entry e WHERE e.journal_id = payouts_journal.id)"),
)
