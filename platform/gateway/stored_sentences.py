"""Sentences of errors of providers, which are stored as notes and reasons; they are shown by `in_words`.

What a provider itself says against a call is shown as it is. So are details of an answer that cannot be read, for those
who look for the fault.
"""

from django.utils.translation import gettext_noop

from kit.sentences.stored import Sentence
from kit.sentences.values import Stored

NAME = Stored(r"[\w-]+", may_be_cut=False)
STATUS = Stored(r"\d{3}", may_be_cut=False)

NOT_REACHED = Sentence(gettext_noop("The provider could not be reached: %(error)s."), {"error": NAME})
TOO_MANY_CALLS = gettext_noop("Too many calls of payment providers are under way.")
NO_TURN_IN_TIME = gettext_noop("No call of a payment provider came to an end in time.")
NOT_ASKED = gettext_noop("The provider has not answered of late, and is left alone for a moment.")

ANSWERED = Sentence(gettext_noop("%(provider)s answered %(status)s."), {"provider": NAME, "status": STATUS})
NOT_JSON = Sentence(
    gettext_noop("%(provider)s answered %(status)s with something that is not JSON."),
    {"provider": NAME, "status": STATUS},
)
UNREADABLE_JSON = Sentence(
    gettext_noop("%(provider)s answered %(status)s with JSON that cannot be read."),
    {"provider": NAME, "status": STATUS},
)
NO_OBJECT = Sentence(
    gettext_noop("%(provider)s answered %(status)s with JSON that is not an object."),
    {"provider": NAME, "status": STATUS},
)
OTHER_REFERENCE = Sentence(
    gettext_noop("%(provider)s answered about another reference than it was asked for."), {"provider": NAME}
)
OTHER_TRANSFER = Sentence(
    gettext_noop("%(provider)s answered about another transfer than it was asked for."), {"provider": NAME}
)
OTHER_DISPUTE = Sentence(
    gettext_noop("%(provider)s answered about another dispute than it was asked for."), {"provider": NAME}
)
OTHER_RECIPIENT = Sentence(
    gettext_noop("%(provider)s answered with the recipient of another account."), {"provider": NAME}
)
OTHER_MONEY = Sentence(
    gettext_noop("%(provider)s answered with other money than it was asked to send."), {"provider": NAME}
)
NO_LIST = Sentence(gettext_noop("%(provider)s answered with something that is not a list."), {"provider": NAME})
NO_DATA = Sentence(gettext_noop("%(provider)s answered without the data that was asked for."), {"provider": NAME})
NO_PAGE = Sentence(gettext_noop("%(provider)s answered without a page for this reference."), {"provider": NAME})
TOO_MANY_RECORDS = Sentence(
    gettext_noop("%(provider)s lists more than can be read; ask for fewer days."), {"provider": NAME}
)
TOO_MANY_REFUNDS = Sentence(gettext_noop("%(provider)s lists more refunds than can be read."), {"provider": NAME})
TOO_MANY_DISPUTES = Sentence(gettext_noop("%(provider)s lists more disputes than can be read."), {"provider": NAME})
FILE_ANSWERED = Sentence(gettext_noop("The file was answered with %(status)s."), {"status": STATUS})
FILE_REFUSED = Sentence(gettext_noop("The file was refused with %(status)s."), {"status": STATUS})

SENTENCES = (
    NOT_REACHED,
    ANSWERED,
    NOT_JSON,
    UNREADABLE_JSON,
    NO_OBJECT,
    OTHER_REFERENCE,
    OTHER_TRANSFER,
    OTHER_DISPUTE,
    OTHER_RECIPIENT,
    OTHER_MONEY,
    NO_LIST,
    NO_DATA,
    NO_PAGE,
    TOO_MANY_RECORDS,
    TOO_MANY_REFUNDS,
    TOO_MANY_DISPUTES,
    FILE_ANSWERED,
    FILE_REFUSED,
)
