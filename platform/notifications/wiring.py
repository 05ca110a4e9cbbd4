"""Contributions of notifications to the other apps."""

from django.utils.translation import gettext_lazy

from accounts.services.mail import AccountMailer
from accounts.services.personal_data import PersonalData
from accounts.tabs import AccountTab
from kit.stored.columns import KeptAsWritten
from notifications.services import personal_data, queue_email
from notifications.services.health import MAIL

CONTRIBUTES = (
    KeptAsWritten("notifications.Email", "letters as they were sent"),
    KeptAsWritten("notifications.TextMessage", "messages as they were sent"),
    AccountMailer(queue_email),
    AccountTab("notifications:preferences", gettext_lazy("Notices")),
    MAIL,
    PersonalData("notifications", 30, personal_data.COLUMNS, personal_data.collect, personal_data.erase),
)
