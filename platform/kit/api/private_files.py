"""The description of answers that give a private file."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

IN_A_BUCKET = OpenApiResponse(
    description="The file is in a bucket: `Location` is its address there, signed and good for a minute. Follow it "
    "without the header `Authorization`."
)
LOCATION = OpenApiParameter(
    "Location",
    OpenApiTypes.URI,
    OpenApiParameter.HEADER,
    response=[302],
    description="The file's signed address.",
)
