"""What the pages of the rota say when something could not be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from yanzhen.duty.actions.minding import TooHard
from yanzhen.duty.models import Rota
from yanzhen.duty.refusals import REFUSALS, refused_words, status_of
from yanzhen.people.gate import MemberRequest
from yanzhen.people.models import Member


def tried(
    form: forms.Form, act: Callable[[], Any], member: Member, *also: forms.Form
) -> tuple[Any, int]:
    """Do it when the forms are valid; return what came of it and 200, or None and the status.

    Why not is said by the form; what would be hard on somebody is marked on it as said, so that it
    can be sent again. NotAllowed passes, the frame answers it.
    """
    valid = [each.is_valid() for each in (form, *also)]
    if not all(valid):
        return None, 422
    try:
        return act(), 200
    except REFUSALS as error:
        form.add_error(None, refused_words(error, member))
        if isinstance(error, TooHard) and isinstance(form.data, QueryDict):
            sent = form.data.copy()
            sent["accepted"] = error.mark
            form.data = sent
        return None, status_of(error)


def rota_for(request: MemberRequest) -> Rota:
    """Return the rota of the reader's workspace, or raise Http404 before there is one."""
    return get_object_or_404(Rota.objects.visible_to(request.member).select_related("workspace"))


def instant_in(sent: str) -> datetime | None:
    """Read an instant out of an address; None for anything else."""
    try:
        found = datetime.fromisoformat(sent)
    except ValueError:
        return None
    return found if found.tzinfo else None


def visible(rows: Any, pk: int) -> Any:
    """Return the row with this number of those the reader may see, or raise Http404."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
