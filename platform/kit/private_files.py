"""Answers that give a private file to a caller whose access has been checked."""

from typing import cast

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header

from kit.files import Folder


def private_file_response(
    folder: Folder, name: str, *, file_name: str, content_type: str, is_attachment: bool
) -> HttpResponse:
    """Return a private file, or lead to where its bucket gives it; nothing of it is cached, and nothing in it runs.

    Raises:
        Http404: the folder has no such file.
    """
    disposition = content_disposition_header(is_attachment, file_name) or "inline"
    parameters = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition}
    address = folder.signed_address(name, parameters=parameters)
    response: FileResponse | HttpResponseRedirect
    if address:
        response = HttpResponseRedirect(address)
    else:
        try:
            opened = folder.open(name)
        except FileNotFoundError as error:
            raise Http404 from error
        response = FileResponse(opened, as_attachment=is_attachment, filename=file_name, content_type=content_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return cast("HttpResponse", response)  # the type in which decorators of views take it
