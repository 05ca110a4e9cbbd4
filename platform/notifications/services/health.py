"""Health of the mail: whether the mail server answers, and how many letters wait."""

import socket
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils.translation import gettext, gettext_lazy

from kit.work.health import Finding, HealthProbe
from notifications.channels.mail import SMTP, is_server_set
from notifications.models import Email

CONNECT_SECONDS = 1.5
OLDEST_LETTER = timedelta(minutes=15)
LOOKED_BACK = timedelta(days=1)


def find_mail(now: datetime) -> Finding:
    """Knock at the mail server where letters go by SMTP, and count the letters that wait."""
    waiting = Q(sent_at=None, given_up_at=None)
    found = Email.objects.filter(waiting | Q(given_up_at__gte=now - LOOKED_BACK)).aggregate(
        number=Count("pk", filter=waiting),
        oldest=Min("created_at", filter=waiting),
        given_up=Count("pk", filter=~Q(given_up_at=None)),
    )
    if not is_server_set():
        return Finding(False, gettext("No mail server is set, so no letter leaves. Set EMAIL_HOST."))
    if settings.EMAIL_BACKEND == SMTP:
        socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=CONNECT_SECONDS).close()
    age = max(now - found["oldest"], timedelta()) if found["oldest"] else timedelta()
    words = {"number": found["number"], "minutes": int(age.total_seconds() // 60), "given_up": found["given_up"]}
    figures = gettext(
        "Letters that wait: %(number)s, the oldest for %(minutes)s min. Given up in the last 24 hours: %(given_up)s."
    )
    return Finding(age < OLDEST_LETTER and not found["given_up"], figures % words)


MAIL = HealthProbe(
    "mail",
    gettext_lazy("Mail"),
    gettext_lazy(
        "Check EMAIL_HOST, the account there and its limits. Letters are tried again by themselves; "
        "those given up are in the raw admin with the reason."
    ),
    find_mail,
)
