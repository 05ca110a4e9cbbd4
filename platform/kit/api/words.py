"""Messages of REST framework's fields in the words of people: its own name types of Python and its own classes."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rest_framework import serializers

LIST = gettext_lazy("Send a list here.")
OBJECT = gettext_lazy("Send an object here, with its fields by name.")
# By class and by the code of the fault.
WORDS: Mapping[type[Any], Mapping[str, Promise]] = {
    serializers.Field: {
        "required": gettext_lazy("This field is required."),
        "null": gettext_lazy("Send a value here, or leave the field out."),
    },
    serializers.BaseSerializer: {"invalid": OBJECT},
    serializers.Serializer: {"invalid": OBJECT},
    serializers.ListSerializer: {"not_a_list": LIST},
    serializers.ListField: {"not_a_list": LIST},
    serializers.MultipleChoiceField: {"not_a_list": LIST},
    serializers.DictField: {"not_a_dict": OBJECT},
    serializers.CharField: {
        "invalid": gettext_lazy("Send a text here."),
        "blank": gettext_lazy("This field is required."),
    },
    serializers.ChoiceField: {"invalid_choice": gettext_lazy("This is not one of the allowed values.")},
    serializers.BooleanField: {"invalid": gettext_lazy("Send true or false.")},
    serializers.IntegerField: {"invalid": gettext_lazy("Send a whole number.")},
    serializers.UUIDField: {"invalid": gettext_lazy("Send an id such as 0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11.")},
    serializers.DateField: {
        "invalid": gettext_lazy("Send a day such as 2026-03-31."),
        "datetime": gettext_lazy("Send a day such as 2026-03-31, without a time."),
    },
    serializers.DateTimeField: {
        "invalid": gettext_lazy("Send a moment such as 2026-03-31T14:05:00Z."),
        "date": gettext_lazy("Send a moment such as 2026-03-31T14:05:00Z."),
    },
    serializers.FileField: {
        "required": gettext_lazy("Send a file."),
        "invalid": gettext_lazy("Send a file, as multipart/form-data."),
        "no_name": gettext_lazy("The file has no name."),
    },
}


def install_messages() -> None:
    """Have all fields, of other packages too, refuse in these words."""
    for kind, words in WORDS.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **words}
