"""The database refuses balances of the wrong sign, a second release, and rows that contradict themselves."""

from django.db import IntegrityError, transaction

from payouts.release.round import run_round
from payouts.release.terms import OwnTerms, change_terms
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.ledger import make_shop, rows, run
from tests.world.releases import DUE, delivered, hold

SCHEDULES, HOLDS, RESERVES = "payouts_releaseschedule", "payouts_releasehold", "payouts_reserve"
OF = "FROM payouts_account a WHERE a.id = account_id AND a.code ="
CHANGES = [
    ("balance_not_negative", f"UPDATE payouts_balance SET amount_minor = -1 {OF} 'shop_pending'"),
    ("balance_not_negative", f"UPDATE payouts_balance SET amount_minor = -1 {OF} 'shop_available'"),
    ("balance_not_negative", f"UPDATE payouts_balance SET amount_minor = -1 {OF} 'shop_reserved'"),
    ("balance_not_negative", f"UPDATE payouts_balance SET amount_minor = -1 {OF} 'shop_in_transit'"),
    ("balance_owes_at_most_nothing", f"UPDATE payouts_balance SET amount_minor = 1 {OF} 'shop_receivable'"),
    ("release_is_final", f"UPDATE {SCHEDULES} SET released_at = NULL, journal_id = NULL WHERE released_at IS NOT NULL"),
    ("release_is_final", f"UPDATE {SCHEDULES} SET open_holds = 1 WHERE released_at IS NOT NULL"),
    ("release_is_final", f"DELETE FROM {SCHEDULES} WHERE released_at IS NOT NULL"),
    ("reserve_is_final", f"UPDATE {RESERVES} SET ended_at = NULL, journal_id = NULL WHERE ended_at IS NOT NULL"),
    ("reserve_is_final", f"DELETE FROM {RESERVES} WHERE ended_at IS NULL"),
    ("release_due_once_delivered", f"UPDATE {SCHEDULES} SET due_at = NULL WHERE released_at IS NULL"),
    (
        "release_due_once_delivered",
        f"UPDATE {SCHEDULES} SET due_at = delivered_at - interval '1 s' WHERE journal_id IS NULL",
    ),
    (
        "release_not_before_due_or_held",
        f"UPDATE {SCHEDULES} SET released_at = delivered_at WHERE open_holds = 0 AND journal_id IS NULL",
    ),
    ("release_not_before_due_or_held", f"UPDATE {SCHEDULES} SET released_at = due_at WHERE open_holds > 0"),
    (
        "release_booked_when_released",
        f"UPDATE {SCHEDULES} SET journal_id = (SELECT max(id) FROM payouts_journal) WHERE released_at IS NULL",
    ),
    (
        "release_hold_open_once",
        (
            f"INSERT INTO {HOLDS} (schedule_id, reason, source, note, opened_at)"
            f" SELECT schedule_id, reason, source, note, opened_at FROM {HOLDS}"
        ),
    ),
    ("release_hold_reason_known", f"UPDATE {HOLDS} SET reason = 'mood'"),
    ("release_hold_of_operator_has_note", f"UPDATE {HOLDS} SET reason = 'operator'"),
    ("release_hold_closed_after_opened", f"UPDATE {HOLDS} SET closed_at = opened_at - interval '1 s'"),
    ("reserve_positive", f"UPDATE {RESERVES} SET amount_minor = 0 WHERE ended_at IS NULL"),
    ("reserve_taken_within", f"UPDATE {RESERVES} SET taken_minor = amount_minor + 1 WHERE ended_at IS NULL"),
    ("reserve_taken_within", f"UPDATE {RESERVES} SET taken_minor = -1 WHERE ended_at IS NULL"),
    ("reserve_ends_with_its_rest", f"UPDATE {RESERVES} SET ended_at = due_at WHERE ended_at IS NULL"),
    ("release_terms_share_of_all", "UPDATE payouts_releaseterms SET reserve_bps = 10001"),
    ("release_terms_days_in_a_year", "UPDATE payouts_releaseterms SET hold_days = 366"),
    ("release_terms_reserve_in_two_years", "UPDATE payouts_releaseterms SET reserve_days = 0"),
]


def test_the_database_refuses(db: None) -> None:
    """One after the other in one market: a release, a reserve that has ended, one that has not, a hold."""
    shop = make_shop("indigo")
    change_terms(shop_id=shop.pk, terms=OwnTerms(1, 5_000, 1), actor_id=make_operator().pk, now=NOW)
    delivered(shop, days=0)
    run_round(now=NOW)
    run_round(now=DUE)
    delivered(shop, days=1)
    run_round(now=DUE)
    delivered(shop, days=90)
    hold(delivered(shop), "return:1")

    def stored() -> list[object]:
        return [rows(f"SELECT * FROM {table} ORDER BY 1") for table in (SCHEDULES, HOLDS, RESERVES)]

    before = stored()
    refused = [(refused_by(statement), statement) for _, statement in CHANGES]
    assert refused == CHANGES
    assert stored() == before


def refused_by(statement: str) -> str:
    """Return the constraint that refuses a statement."""
    try:
        with transaction.atomic():
            run(statement)
    except IntegrityError as error:
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    return "nothing"
