"""Choices of which notices a person gets, and by which channel; the same word counts everywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from kit.db.roles import as_platform
from notifications.errors import AlwaysSentError, ChannelNotOfferedError
from notifications.kinds import channels_of, is_always_sent, is_on_by_itself, kind_of
from notifications.models import Channel, NoticeKind, Preference, QuietHours
from notifications.quiet_hours import Hours

KEPT_SECONDS = 300
SETTLING_SECONDS = 10  # in which no reader fills the cache: its rows may be of before the change
SETTLING = "settling"


@dataclass(frozen=True, slots=True)
class Choice:
    """A person's choice for one kind and channel."""

    kind: NoticeKind
    channel: Channel
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Made:
    """Choices that a person has made, with the time of each, and their time zone; empty where they chose none.

    Args:
        quiet: their own quiet hours; None: the market's.
    """

    time_zone: str
    by_kind: Mapping[tuple[str, str], tuple[bool, datetime]]
    quiet: Hours | None = None


def is_wanted(*, name: str, channel: Channel, user_id: int | None, agreed_at: datetime | None = None) -> bool:
    """Return whether a notice is sent to a person by a channel: every sender asks this, and nothing else.

    Args:
        name: the notice's name, or its letter's template.
        user_id: None for a person without an account.
        agreed_at: when the person agreed to this channel for the occasion itself; a later choice goes before.
    """
    kind = kind_of(name)
    if is_always_sent(kind, channel):
        return True
    if channel not in channels_of(kind):
        return False
    unless_chosen = is_on_by_itself(channel) or agreed_at is not None
    if user_id is None:
        return unless_chosen
    chosen, chosen_at = choices_of(user_id=user_id).by_kind.get((kind, channel), (unless_chosen, None))
    return True if agreed_at and chosen_at and agreed_at > chosen_at else chosen


def choices_of(*, user_id: int) -> Made:
    """Return the choices that a person has made: one statement, and none while they are kept."""
    key = _cache_key(user_id)
    kept = cache.get(key)
    if isinstance(kept, Made):
        return kept
    with as_platform():  # they are a person's, not a shop's
        found = User.objects.filter(pk=user_id).order_by("notice_preferences__pk")
        columns = (
            *("time_zone", "quiet_hours__begins", "quiet_hours__ends"),
            *(f"notice_preferences__{name}" for name in ("kind", "channel", "is_wanted", "changed_at")),
        )
        rows = list(found.values_list(*columns))
    by_kind = {(kind, channel): (chosen, at) for *_, kind, channel, chosen, at in rows if kind is not None}
    zone, begins, ends = rows[0][:3] if rows else ("", None, None)
    made = Made(zone, by_kind, None if begins is None or ends is None else (begins, ends))
    cache.add(key, made, KEPT_SECONDS)
    return made


def shown_choices(*, user_id: int) -> list[dict[str, Any]]:
    """Return every kind with its channels: whether each is on, and whether that can be changed."""
    made = choices_of(user_id=user_id).by_kind
    return [
        {
            "kind": kind,
            "label": kind.label,
            "channels": [
                {
                    "channel": channel,
                    "label": channel.label,
                    "is_wanted": is_always_sent(kind, channel)
                    or made.get((kind, channel), (is_on_by_itself(channel), None))[0],
                    "can_change": not is_always_sent(kind, channel),
                }
                for channel in channels_of(kind)
            ],
        }
        for kind in NoticeKind
    ]


def choose(*, user_id: int, choices: Sequence[Choice], now: datetime) -> None:
    """Keep a person's choices; those that they don't name stay as they are. Of two for one thing the later counts.

    Raises:
        AlwaysSentError: one switches off what always arrives; none is kept.
        ChannelNotOfferedError: one names a channel by which its kind does not come; none is kept.
    """
    for choice in choices:
        if choice.channel not in channels_of(choice.kind):
            raise ChannelNotOfferedError(_about(choice, gettext("%(kind)s are not sent by %(channel)s.")))
        if not choice.is_wanted and is_always_sent(choice.kind, choice.channel):
            raise AlwaysSentError(_about(choice, gettext("%(kind)s are always sent by %(channel)s.")))
    rows = {
        (choice.kind, choice.channel): Preference(
            user_id=user_id, kind=choice.kind, channel=choice.channel, is_wanted=choice.is_wanted, changed_at=now
        )
        for choice in choices
    }
    with transaction.atomic(), as_platform():
        Preference.objects.bulk_create(
            [rows[key] for key in sorted(rows)],
            update_conflicts=True,
            unique_fields=["user", "kind", "channel"],
            update_fields=["is_wanted", "changed_at"],
        )
        _forget(user_id)


def choose_quiet_hours(*, user_id: int, hours: Hours | None, now: datetime) -> None:
    """Keep a person's own quiet hours.

    Args:
        hours: begin and end, twice the same for none; None: those of the market.
    """
    with transaction.atomic(), as_platform():
        if hours is None:
            QuietHours.objects.filter(user_id=user_id).delete()
        else:
            chosen = QuietHours(user_id=user_id, begins=hours[0], ends=hours[1], changed_at=now)
            QuietHours.objects.bulk_create(
                [chosen], update_conflicts=True, unique_fields=["user"], update_fields=["begins", "ends", "changed_at"]
            )
        _forget(user_id)


def _forget(user_id: int) -> None:
    transaction.on_commit(partial(cache.set, _cache_key(user_id), SETTLING, SETTLING_SECONDS), robust=True)


def _about(choice: Choice, sentence: str) -> str:
    return sentence % {"kind": choice.kind.label, "channel": choice.channel.label}


def _cache_key(user_id: int) -> str:
    return f"public:notifications:choices:2:{user_id}"  # 2: with quiet hours
