"""Code leaves the shop's database role in the places named here, each for its reason, and in no other way.

A name is followed through the imports of its module. What this cannot see: names and SQL that are put together while
the product runs (`getattr(roles, "as_" + name)`, `SQL("SET {} NONE")`), a connection that is handed on under another
name, and what other packages do with threads of their own.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pytest

from tests.architecture.sources import dotted, modules, nodes, parsed, source_files

LOCK = "the order is the buyer's: a shop's role may not lock it"
TIMES = "a shop's role may not write the times of a part's steps, nor its parcels"

# Module and function of each `as_platform`, and why the shop's role cannot do it itself; one reason for each use.
AS_PLATFORM: Mapping[str, tuple[str, ...]] = {
    "accounts.services.languages:choose_language": ("the language is the person's own, on a shop's host too",),
    "accounts.services.languages:speaking_to": (
        "a letter is written in its reader's language, which no shop may read",
    ),
    "checkout.fulfilling.advance_part:pack_part": (
        LOCK,
        TIMES,
    ),
    "checkout.documents.printing:documents_of": ("invoices are the market's record: no shop's role may write them",),
    "checkout.documents.offered:_credited": ("a reversal names the person who made it",),
    "checkout.fulfilling.send_parcel:send_parcel": (
        LOCK,
        TIMES,
    ),
    "checkout.fulfilling.deliver_parcels:deliver_part": (LOCK,),
    "checkout.fulfilling.deliver_parcels:deliver_parcel": (LOCK,),
    "checkout.fulfilling.deliver_parcels:_arrive": ("whether the order is complete depends on other shops' parts",),
    "checkout.stations.pickup_codes:make_code": ("no shop's role may read or write the codes of buyers",),
    "checkout.stations.pickup_codes:check_code": ("no shop's role may read or write the codes of buyers",),
    "checkout.fulfilling.change_tracking:change_tracking": (
        LOCK,
        TIMES,
    ),
    "checkout.fulfilling.undo_step:undo_step": (LOCK,),
    "checkout.fulfilling.undo_step:undo_parcel": (LOCK,),
    "checkout.ending.release_reservations:release_part": (
        "whether an order is paid, and what else is kept for it, is for the buyer and other shops to know",
    ),
    "checkout.orders.shop_reversals:shop_reversals": ("a reversal names the person who made it",),
    "checkout.orders.refunds:refunds_of_part": ("refunds are the buyer's, of the payment of all shops",),
    "checkout.statements.linked:_numbers": ("the order that a part belongs to is the buyer's",),
    "checkout.statements.linked:_returns": ("a reversal names the person who made it",),
    "checkout.statements.parties:shop_party": ("the application is the market's record",),
    "payouts.services.schedules:change_schedule": ("the platform pays by it, so no shop's role writes it",),
    "payouts.statements.lines:read_totals": ("the market's commission is on none of the shop's accounts",),
    "payouts.statements.lines:read_lines": (
        "the market's commission is on none of the shop's accounts, and a transfer names the provider's reference",
    ),
    "payouts.statements.year:year_statement": ("the market's commission is on none of the shop's accounts",),
    "payouts.statements.accounts:paid_accounts": ("a transfer names the provider's reference",),
    "payouts.statements.accounts:accounts_in": ("bank accounts are the market's record",),
    "payouts.statements.statement:payout_statement": ("a transfer names the provider's reference",),
    "checkout.messaging.photos:add_shops_photo": ("the order is the buyer's",),
    "checkout.messaging.photos:photo_of_shop": ("the order that it is of is the buyer's",),
    "checkout.messaging.reading:mark_messages_read": ("the order is the buyer's",),
    "checkout.messaging.selectors:get_message": ("the order that it is about is the buyer's",),
    "checkout.messaging.selectors:read_messages": ("the orders that they are about are the buyers'",),
    "checkout.messaging.selectors:read_shop_inbox": ("the orders that they are about are the buyers'",),
    "checkout.messaging.selectors:shop_inbox_page": ("the orders that they are about are the buyers'",),
    "checkout.messaging.sending:send_message": ("the order is the buyer's",),
    "notifications.services.inbox:mark_read_by_key": ("a notice is its reader's, who may be no member of the shop",),
    "checkout.releasing.schedule:schedule_part": ("no shop's role may say when its money is released",),
    "checkout.returning.ask_return:ask_return": ("the order is the buyer's, and is locked",),
    "checkout.returning.open_count:count_returns_to_answer": ("the orders that they are of are the buyers'",),
    "checkout.returning.windows:returnable_lines_of": ("the order, and other returns of it, are the buyer's",),
    "notifications.services.preferences:choose_quiet_hours": ("choices are a person's own, in any shop",),
    "checkout.disputes.evidence:evidence_offers": (
        "the order is the buyer's, and messages are read in the market's name",
    ),
    "payouts.disputes.evidence:add_evidence": ("a dispute is the market's: no shop's role may write it",),
    "payouts.disputes.evidence:find_evidence": ("a dispute is the market's; a shop reads its own evidence alone",),
    "payouts.disputes.selectors:read_shop_disputes": (
        "a dispute is of all shops of a payment; each reads its own part",
    ),
    "payouts.disputes.selectors:shop_dispute_page": ("a dispute is of all shops; each reads its part",),
    "payouts.disputes.selectors:get_shop_dispute": ("a dispute is of all shops of a payment; each reads its own part",),
    "payouts.disputes.selectors:held_by_disputes": ("a dispute is of all shops; each knows what is held of its own",),
    "payouts.disputes.selectors:is_held_again": ("other disputes of a payment are the market's; a shop reads yes, no",),
    "checkout.commission.shop_rules:shop_commission": ("rules are the market's; a shop knows those that are for it",),
    "payouts.disputes.selectors:shop_evidence": ("a dispute is the market's; a shop reads its own evidence alone",),
    "payouts.release.holds:close_hold": ("no shop's role may say when its money is released",),
    "payouts.release.holds:open_hold": ("no shop's role may say when its money is released",),
    "payouts.release.schedules:schedule_release": ("no shop's role may say when its money is released",),
    "payouts.release.terms:hold_days": ("no shop's role may say for how long its money waits",),
    "checkout.returning.selectors:get_shop_return": ("the order that it is of is the buyer's",),
    "checkout.returning.selectors:read_shop_returns": ("the orders that they are of are the buyers'",),
    "checkout.returning.selectors:shop_return_page": ("the orders that they are of are the buyers'",),
    "checkout.returning.selectors:returns_of_part": ("the order that they are of is the buyer's",),
    "checkout.returning.selectors:photo_of_shop": ("the order that it is of is the buyer's",),
    "checkout.returning.decide_return:move_return": ("the order is the buyer's, and is locked",),
    "checkout.returning.receive_return:receive_return": ("the order, its payments and refunds are the buyer's",),
    "checkout.reversals.refund_part:refund_part": ("the order, its payments and refunds are the buyer's",),
    "checkout.readdressing.change_address:change_address": ("the order and its address are the buyer's",),
    "checkout.fulfilling.receive_parts:receive_parts": ("the order is the buyer's, and its parts are several shops'",),
    "checkout.reversals.cancel_units:cancel_units": ("the order, its payments and refunds are the buyer's",),
    "checkout.orders.joining:join_guest_orders": ("no shop's role may say whose orders are whose",),
    "checkout.commission.explaining:explain_shop_commission": ("the order is the buyer's: its day is told",),
    "checkout.orders.shop_orders:get_shop_part": ("the order is the buyer's: a shop's role may not read it",),
    "payouts.runs.daily:is_day_paid": ("runs are the platform's; a shop is told the day alone",),
    "payouts.runs.request:quote_payout": ("what went without a second person in a day is the market's",),
    "payouts.runs.request:request_payout": ("no shop's role makes runs and transfers, or moves its money",),
    "payouts.services.bank_accounts:record_bank_account": ("no shop's role may say where money goes",),
    "tenants.applications.holder_names:shop_name_difference": ("an application is the applicant's and the operators'",),
    "tenants.archives.jobs:get_export": ("an archive holds all of a shop: closed to its role",),
    "tenants.archives.jobs:list_exports": ("an archive holds all of a shop: closed to its role",),
    "tenants.archives.jobs:request_export": ("an archive holds all of a shop: asking is a service's to allow",),
    "tenants.hosts.domain_checks:check_claim": ("no shop's role may let a host lead to it",),
    "tenants.hosts.domains:claim_domain": ("no shop's role may make the proof that a domain is its own",),
    "tenants.hosts.domains:make_primary": ("no shop's role may decide where it lives",),
    "tenants.hosts.domains:remove_domain": ("no shop's role may write which hosts lead where",),
    "tenants.shops.audit_trail:record_event": ("no shop's role may write its own trail",),
    "tenants.staff.invitations:invite_member": ("no shop's role may write who may work there",),
    "tenants.staff.invitations:revoke_invitation": ("no shop's role may write who may work there",),
    "tenants.staff.members:change_role": ("no shop's role may write who works there, and as what",),
    "tenants.staff.members:leave_shop": ("no shop's role may write who works there",),
    "tenants.staff.members:remove_member": ("no shop's role may write who works there",),
    "tenants.shops.checklist_steps:finish_step": ("no shop's role may say that its own steps are done",),
    "tenants.staff.workplace:shop_workplace": ("a person's other shops are no shop's to know",),
    "checkout.coupons.watching:figures_of": ("a reversal names the person who made it",),
    "checkout.offers.watching:figures_of": ("a reversal names the person who made it",),
    "tenants.database.roles:may_make_roles": ("it asks what the platform's own user may do",),
    "tenants.life.status_changes:write": ("no shop's role may write its own status",),
    "vendors.access:staff_only.guard.guarded": ("a person's other shops are shown in the menu",),
    "accounts.sessions:PlatformStore._get_session_from_db": ("sessions are closed to shops' roles",),
    "accounts.sessions:PlatformStore.delete": ("sessions are closed to shops' roles",),
    "accounts.sessions:PlatformStore.exists": ("sessions are closed to shops' roles",),
    "accounts.sessions:PlatformStore.save": ("sessions are closed to shops' roles",),
    "accounts.signed_in:_look_up": ("no shop's role may read everybody's account",),
    "accounts.signed_in:TokenAuthentication.get_user": ("no shop's role may read everybody's account",),
    "config.context:own_shops": ("a person's other shops are shown in the menu",),
    "kit.work.bulk:cancel_job": ("jobs of all shops wait in one line, closed to shops' roles",),
    "kit.work.bulk:find_job": ("jobs of all shops wait in one line, closed to shops' roles",),
    "kit.work.bulk:find_jobs": ("jobs of all shops wait in one line, closed to shops' roles",),
    "kit.work.bulk:queue_job": ("jobs of all shops wait in one line, closed to shops' roles",),
    "kit.work.bulk:retry_job": ("jobs of all shops wait in one line, closed to shops' roles",),
    "kit.work.idempotent_calls:claim_call": ("calls of all callers are in one table, closed to shops' roles",),
    "kit.work.idempotent_calls:keep_answer": ("calls of all callers are in one table, closed to shops' roles",),
    "kit.work.idempotent_calls:release_call": ("calls of all callers are in one table, closed to shops' roles",),
    "kit.work.jobs:_send": ("a task that runs in the caller's process, as in tests, is no part of the request",),
    "kit.work.outbox:emit": ("handlers believe what they are told, so no shop's role may tell",),
    "notifications.context:_count": ("notifications are a person's, not a shop's",),
    "notifications.services.emails:queue_email": ("no shop's role may write to people in the market's name",),
    "notifications.services.preferences:choices_of": ("choices of notices are a person's, not a shop's",),
    "notifications.services.preferences:choose": ("choices of notices are a person's, not a shop's",),
    "notifications.services.texts:queue_text": ("no shop's role may write to people in the market's name",),
    "notifications.services.inbox:notify": ("no shop's role may tell people things in the market's name",),
}

# Modules that may leave it by other means.
OTHER_WAYS: Mapping[str, str] = {
    "kit.db.roles": "it is `as_platform`",
    "checkout.pricing.delivery.asking": "its threads ask carriers and no database",
    "kit.db.side_by_side": "its threads work for the platform alone: under a shop's role all is done on its connection",
    "kit.db.snapshots": "its other connections get the role of the first",
    "kit.web.request_threads": "its threads each serve one request at a time, which the middleware gives its role",
    "kit.work.health": "its threads ask whether servers answer, for operators, on the platform's host",
    "kit.work.rounds": "workers do rounds for the platform, on connections that are closed after them",
    "payouts.runs.recipients": "runs are the platform's; its threads ask providers and no database",
    "payouts.audit.in_transit": "the audit is the platform's; its threads ask providers and no database",
    "paystack_sandbox.__main__": "the sandbox is a program of its own, without the product's database",
    "paystack_sandbox.webhook_sender": "the sandbox is a program of its own, without the product's database",
    "demo.drawing": "its processes draw pictures and ask no database",
    "runtime.heartbeat": "its thread writes to Redis alone",
    "runtime.unusable": "it asks a given server whether it answers, before anybody is served",
    "runtime.up.prepare": "it makes the database, before anybody is served",
    "tenants.hosts.middleware": "it gives a request its role, and takes it back",
    "tenants.database.pooling": "it looks at sessions of its own what a pooler does to them, before anybody is served",
    "tenants.archives.exclusive": "its connection holds a lock and reads nothing",
    "tenants.schemas.migration_workers": "shops' schemas are migrated by the platform, in processes of their own",
    "tenants.database.base": "it brings the server's session to where the connection is",
}
ROLE_IN_SQL = re.compile(
    r"\bRESET\s+(?:ROLE|ALL|SESSION)\b|\bSET\s+(?:SESSION\s+|LOCAL\s+)?(?:ROLE|SESSION\s+AUTHORIZATION)\b"
    r"|\bDISCARD\s+ALL\b|set_config\s*\(\s*'role'|\bSECURITY\s+DEFINER\b",
    re.IGNORECASE,
)
# A server session that nobody has given the shop's role, or another than the one that has it.
OTHER_SESSIONS = {
    *("psycopg.connect", "psycopg.Connection.connect", "psycopg.AsyncConnection.connect"),
    *("connection.copy", "connection.get_new_connection", "connections.create_connection"),
}
# Work in another thread or process has a connection of its own, which nobody has given the role.
OTHER_THREADS = {
    *("threading.Thread", "threading.Timer", "_thread.start_new_thread", "asyncio.to_thread"),
    *("asgiref.sync.sync_to_async", "asgiref.sync.SyncToAsync", "multiprocessing.Process", "multiprocessing.Pool"),
    *("concurrent.futures.ThreadPoolExecutor", "concurrent.futures.ProcessPoolExecutor"),
    *("multiprocessing.pool.Pool", "multiprocessing.pool.ThreadPool"),
}
HANDED_OVER = {"Process", "run_in_executor"}  # methods, of a context of processes and of an event loop
SPELT = {"as_platform", "role_shop_id", "set_role"}  # for `getattr` and `setattr`

LAZY = {"all", "annotate", "defer", "exclude", "filter", "only", "order_by", "select_related", "values", "values_list"}


@dataclass(slots=True)
class Leaving:
    """Calls that leave the role in a module: by `as_platform`, in which functions; by other means; and callees."""

    uses: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    lazy: list[str] = field(default_factory=list)


@cache
def leaving(source: str) -> Leaving:
    found = Leaving()
    _look(parsed(source), [], found, _imports(source))
    return found


def _imports(source: str) -> dict[str, str]:
    """Return what each imported name stands for, in full."""
    found: dict[str, str] = {}
    for node in nodes(source):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _look(node: ast.AST, inside: list[str], found: Leaving, imports: Mapping[str, str]) -> None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        inside = [*inside, node.name]
    if _name(node) == "as_platform":
        found.uses.append(".".join(inside))
    if _is_another_way(node, imports):
        found.others.append(ast.unparse(node)[:80])
    if _steps_out(node):
        found.lazy += [ast.unparse(each) for each in ast.walk(node) if _is_lazy(each)]
    for child in ast.iter_child_nodes(node):
        _look(child, inside, found, imports)


def _in_full(node: ast.expr, imports: Mapping[str, str]) -> str:
    """Return a dotted name with its import in front, without Django's own package."""
    first, dot, rest = dotted(node).partition(".")
    return f"{imports.get(first, first)}{dot}{rest}".removeprefix("django.db.")


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_another_way(node: ast.AST, imports: Mapping[str, str]) -> bool:
    match node:
        case ast.alias(name="as_platform", asname=str()) | ast.Attribute(attr="set_role"):
            return True
        case ast.Attribute(attr="role_shop_id", ctx=ast.Store() | ast.Del()):
            return True
        case ast.Call(func=ast.Attribute(attr=method)):
            return method in HANDED_OVER
        case ast.Attribute() | ast.Name() | ast.Subscript():
            return _in_full(node, imports) in OTHER_SESSIONS | OTHER_THREADS or _is_connection_by_alias(node, imports)
        case ast.Constant(value=str(text)):
            return text in SPELT or ROLE_IN_SQL.search(text) is not None
    return False


def _is_connection_by_alias(node: ast.expr, imports: Mapping[str, str]) -> bool:
    return isinstance(node, ast.Subscript) and _in_full(node.value, imports) == "connections"


def _steps_out(node: ast.AST) -> bool:
    """Return whether a function or a block runs as the platform."""
    if isinstance(node, ast.FunctionDef):
        return any(_name(each) == "as_platform" for decorator in node.decorator_list for each in ast.walk(decorator))
    return isinstance(node, ast.With) and any(
        _name(each) == "as_platform" for item in node.items for each in ast.walk(item.context_expr)
    )


def _is_lazy(node: ast.AST) -> bool:
    """Return whether a query is returned that has not been asked yet."""
    value = node.value if isinstance(node, ast.Return) else None
    return isinstance(value, ast.Call) and _name(value.func) in LAZY and ".objects." in ast.unparse(value)


def test_each_use_of_as_platform_has_its_reason() -> None:
    found = Counter(f"{module}:{use}" for module, source in modules() for use in leaving(source).uses)
    assert dict(found) == {use: len(reasons) for use, reasons in AS_PLATFORM.items()}, (
        "Give each use of as_platform its reason in AS_PLATFORM, and take out what is gone (docs/isolation.md)."
    )


def test_nothing_lazy_leaves_the_block() -> None:
    assert {module: found for module, source in modules() if (found := leaving(source).lazy)} == {}, (
        "Read the rows inside the block, as by list(…): outside it the shop's role asks (docs/isolation.md)."
    )


@pytest.mark.parametrize(
    "source",
    [
        "@as_platform()\ndef jobs():\n    return Job.objects.filter(shop_id=1)",
        "def jobs():\n    with as_platform():\n        return Job.objects.order_by('id')",
    ],
)
def test_what_is_lazy_is_found(source: str) -> None:
    assert leaving(source).lazy
    assert not leaving(source.replace("return ", "return list(") + ")").lazy


def test_nothing_else_leaves_the_role() -> None:
    found = {module: leaving(source).others for module, source in modules()}
    assert {module: ways for module, ways in found.items() if ways and module not in OTHER_WAYS} == {}, (
        "Leave the shop's role by as_platform alone (docs/isolation.md)."
    )
    assert [module for module in OTHER_WAYS if not found[module]] == []
    statements = [path.name for path in source_files(".sql") if ROLE_IN_SQL.search(path.read_text(encoding="utf-8"))]
    assert statements == []


@pytest.mark.parametrize(
    "source",
    [
        "@as_platform()\ndef pay(): ...",
        "@roles.as_platform()\ndef pay(): ...",
        "def pay():\n    with as_platform():\n        ...",
        "def pay():\n    with transaction.atomic(), as_platform():\n        ...",
        "def pay():\n    leave = as_platform\n    leave()",
        "class Till:\n    def pay(self):\n        with as_platform(): ...",
    ],
)
def test_a_new_use_is_found(source: str) -> None:
    [use] = leaving(source).uses
    assert f"checkout.pay:{use}" not in AS_PLATFORM
    assert use in {"pay", "Till.pay"}


@pytest.mark.parametrize(
    "source",
    [
        "connection.set_role(None)",
        "schema_connection().set_role(None)",
        "connection.role_shop_id = None",
        "execute('RESET ROLE')",
        "execute('reset  role; SELECT 1')",
        "execute(f'SET ROLE {name}')",
        "execute('SET LOCAL ROLE kasuwa')",
        "execute('SET SESSION AUTHORIZATION DEFAULT')",
        "execute(\"SELECT set_config('role', 'none', false)\")",
        "execute('DISCARD ALL')",
        "MAKE = 'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER'",
        "psycopg.connect(dsn)",
        "connections['default'].cursor()",
        "connection.copy()",
        "from psycopg import connect\nconnect(dsn)",
        "import psycopg as p\np.connect(dsn)",
        "from psycopg import Connection as Session\nSession.connect(dsn)",
        "from django.db import connections\nconnections.create_connection('default')",
        "from django.db import connections as all_of_them\nall_of_them['default']",
        "from django import db\ndb.connections.create_connection('default')",
        "from django.db import connection as here\nhere.copy()",
        "import threading\nthreading.Thread(target=read).start()",
        "from threading import Thread as Worker\nWorker(target=read).start()",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as pool: pool.submit(read)",
        "from concurrent import futures\nfutures.ThreadPoolExecutor()",
        "import multiprocessing\nmultiprocessing.get_context('spawn').Process(target=read)",
        "await_me = loop.run_in_executor(None, read)",
        "getattr(roles, 'as_platform')()",
        "setattr(connection, 'role_shop_id', None)",
        "from kit.db.roles import as_platform as quietly",
    ],
)
def test_each_other_way_out_is_found(source: str) -> None:
    assert leaving(source).others


@pytest.mark.parametrize(
    "source",
    [
        "with schema_context('shop_a'): ...",
        "role = role_in(user, shop)",
        "execute('SET LOCAL lock_timeout = 5')",
        "class Process(Enum):\n    WEB = 1\nprocess = Process(name)",
        "from payments import connect\nconnect(shop)",
    ],
)
def test_what_stays_in_the_role_is_left_alone(source: str) -> None:
    found = leaving(source)
    assert (found.uses, found.others) == ([], [])
