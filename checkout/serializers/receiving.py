"""Input of the call by which a buyer says that parcels have arrived."""

from kit.api.input import InputSerializer
from kit.text.serializers import OptionalText


class ReceivedInput(InputSerializer):
    """Parts that have arrived; an empty body means all that are on their way."""

    sub_order = OptionalText(max_length=24, help_text="The number of one shop's part; left out: all on their way.")
