"""Messages to phones: written with the change that they report, sent after it, once, and not at night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from gateway.errors import ProviderUnavailableError
from kit.db.roles import as_platform
from kit.web.zones import zone_of
from kit.work import leased, rounds
from kit.work.jobs import enqueue, wake
from notifications.channels import gsm
from notifications.channels.port import UndeliverableError
from notifications.channels.table import text_transport
from notifications.models import Channel, TextMessage
from notifications.quiet_hours import quiet_until
from notifications.services.preferences import choices_of, is_wanted

TEXTS = leased.Kind(
    model=TextMessage,
    lease=timedelta(minutes=5),
    back_off=leased.BackOff(first=timedelta(minutes=1), cap=timedelta(hours=3), attempts=8),
    waiting=lambda _: Q(sent_at__isnull=True, given_up_at__isnull=True),
    given_up=lambda now: {"given_up_at": now},
    service="channel",
    silent=(ProviderUnavailableError,),
    lasting=(UndeliverableError,),
    expected=(OSError,),
)


def queue_text(
    *,
    channel: Channel,
    to: str,
    email: str,
    text: str,
    kind: str,
    dedup_key: str,
    now: datetime,
    user_id: int | None = None,
    agreed_at: datetime | None = None,
    country: str = "",
    is_secret: bool = False,
) -> None:
    """Write a message to a phone, once for each key and channel, and send it after the commit.

    At night it waits for the morning. Nothing is written where its reader does not want it or nothing can send it.

    Args:
        to: a number in E.164; nothing is sent to others.
        email: the reader's, by which their personal data is found.
        kind: the notice's name, such as `order.paid`.
        agreed_at: when its reader agreed to this channel with the order.
        country: where its reader is, unless they chose a time zone.
        is_secret: its link lets its reader in; the text is emptied once it is sent.
    """
    if not to.startswith("+") or text_transport(channel) is None:
        return
    if not is_wanted(name=kind, channel=channel, user_id=user_id, agreed_at=agreed_at):
        return
    made = choices_of(user_id=user_id) if user_id is not None else None
    zone = zone_of(chosen=made.time_zone if made else "", country=country)
    due_at = quiet_until(now, zone, made.quiet if made else None) or now
    message = TextMessage(
        channel=channel,
        user_id=user_id,
        email=email,
        to=to,
        text=gsm.plain(text) if channel == Channel.SMS else text,
        is_secret=is_secret,
        time_zone=zone.key,
        dedup_key=dedup_key,
        created_at=now,
        due_at=due_at,
    )
    with as_platform():
        TextMessage.objects.bulk_create([message], ignore_conflicts=True)
    if due_at <= now:
        enqueue("notifications.tasks.send_text", text_id=str(message.pk))


def fits_one_text(text: str) -> bool:
    """Return whether a text is charged as one SMS."""
    return gsm.parts(gsm.plain(text)) == 1


def deliver_text(*, text_id: str, now: datetime) -> bool:
    """Send a message if it is due and no other worker has it; return whether it was sent now."""
    claimed = leased.claim(TEXTS, now=now, only=[text_id])
    return any(rounds.attempt(TEXTS, text, lambda text: _send(text, now), now=now) for text in claimed)


def sweep_texts(*, now: datetime) -> int:
    """Send every message that is due, with missed and failed ones and those of the morning; return the number done."""
    swept = rounds.work_through(TEXTS, lambda text: _send(text, now), now=now)
    if not swept.is_complete:
        wake("notifications.tasks.sweep_texts")
    return swept.done


def _send(text: TextMessage, now: datetime) -> None:
    """Hand a message over, or put it off until morning where a try after a failure has come into the night."""
    own = choices_of(user_id=text.user_id).quiet if text.user_id is not None else None
    if (morning := quiet_until(now, ZoneInfo(text.time_zone), own)) is not None:
        leased.put_off(TEXTS, text, now=now, retry_after=int((morning - now).total_seconds()) + 1)
        return
    transport = text_transport(text.channel)
    if transport is None:
        raise UndeliverableError(f"The market has no gateway for {text.channel} any more.")
    transport.send(text)
    leased.done(TEXTS, text, now=now, sent_at=now, **({"text": ""} if text.is_secret else {}))
