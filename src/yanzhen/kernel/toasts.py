"""Saying in a few words what happened, with the way back."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse


def say(request: HttpRequest, response: HttpResponse, text: str, *, undo: str = "") -> HttpResponse:
    """Tell what happened: by a toast for htmx, else on the next page.

    ``undo`` is a path to POST to, "" for no way back.
    """
    if request.headers.get("HX-Request"):
        response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text, "undo": undo}})
    else:
        messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    return response
