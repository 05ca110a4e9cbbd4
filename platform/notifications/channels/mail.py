"""E-mail by Django's backend of the settings."""

from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused

import idna
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives

from kit.work.leased import reason_for
from notifications.channels.port import UndeliverableError
from notifications.models import Email

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def is_server_set() -> bool:
    """Return whether letters have somewhere to go: by SMTP that is a named server."""
    return settings.EMAIL_BACKEND != SMTP or bool(settings.EMAIL_HOST)


class MailTransport:
    """Sends letters; the Message-ID of one that is sent again stays the same."""

    def send(self, message: Email) -> None:
        """Give a letter to the mail server.

        Raises:
            UndeliverableError: the address or a header can't be sent, or the server refuses it for good.
            ImproperlyConfigured: no mail server is set; the letter waits until one is.
        """
        if not is_server_set():
            raise ImproperlyConfigured("No mail server is set (EMAIL_HOST).")
        try:
            _letter(message).send()
        except (ValueError, SMTPNotSupportedError) as error:  # an address or a header that no mail can carry
            raise UndeliverableError(reason_for(error)) from error
        except SMTPDataError as error:
            if is_permanent(error.smtp_code):
                raise UndeliverableError(reason_for(error)) from error
            raise
        except SMTPRecipientsRefused as error:
            if all(is_permanent(code) for code, _ in error.recipients.values()):
                raise UndeliverableError(reason_for(error)) from error
            raise


def is_permanent(code: int) -> bool:
    """Return whether a mail server's answer stays the same however often it is asked (RFC 5321, section 4.2.1)."""
    return 500 <= code < 600  # noqa: PLR2004 - by the RFC


def deliverable(address: str) -> str:
    """Return an address in the form for mail servers, its domain by IDNA 2008 (RFC 5891): "faß" is not "fass".

    Raises:
        UndeliverableError: it has no such form; nothing is sent to another domain instead.
    """
    local, _, domain = address.rpartition("@")
    try:
        if not local:
            raise UnicodeError("nothing before the @")  # noqa: TRY301 - told as what IDNA says of the rest
        return f"{local.encode('ascii').decode()}@{idna.encode(domain.lower()).decode()}"
    except UnicodeError as error:
        raise UndeliverableError(f"{address} is no address that mail can be sent to: {error}") from error


def _letter(email: Email) -> EmailMultiAlternatives:
    message_id = f"<email-{email.pk}-{int(email.created_at.timestamp())}@{settings.BASE_DOMAIN}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", **_way_out(email)}
    message = EmailMultiAlternatives(email.subject, email.text, to=[deliverable(email.to)], headers=headers)
    if email.html:
        message.attach_alternative(email.html, "text/html")
    return message


def _way_out(email: Email) -> dict[str, str]:
    """Return the headers by which a mail program declines such letters with one click (RFC 8058)."""
    if not email.unsubscribe_url:
        return {}
    return {"List-Unsubscribe": f"<{email.unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
