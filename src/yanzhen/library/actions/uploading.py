"""Taking files in."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from yanzhen.library.actions.keeping import Kept, already_there, keep
from yanzhen.library.decoding.taking import clean_name, recognise, taking
from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require_somewhere


def store_upload(
    *,
    member: Member,
    file: BinaryIO,
    name: str,
    keep_location: bool = False,
    kept: Kept | None = None,
    documents: bool = False,
    recordings: bool = False,
    asked: bool = False,
    now: datetime,
) -> MediaFile:
    """Check ``file`` (read from its start), keep it, and return its row.

    A file with the very same bytes is there once: its row is returned and nothing is recorded.
    Where it was taken is removed from the bytes unless ``keep_location``; pixels stay as they are.
    ``documents`` may be taken in too where ``file`` is not for a post, and so may WebM with
    ``recordings``: browsers record it, and X does not take it. ``asked``: the caller has a rule of
    its own for who may bring it, and has asked.
    ``name`` is for reading only; ``kept`` is called with the row before it is committed. Raises
    NotAllowed, and MediaRefused with nothing kept.

    Decoding may take seconds, so it is done before the transaction; call this outside of one.
    """
    if not asked:
        require_somewhere(member, Decision.POST_WRITE, workspace_id=member.workspace_id)
    form = recognise(file, documents=documents, recordings=recordings)
    shown = clean_name(name, form)
    with taking(file, form, keep_location=keep_location) as taken:
        found = already_there(member.workspace_id, taken.sha256)
        if found is None:
            return keep(taken, member=member, name=shown, now=now, kept=kept, asked=asked)
        if kept is not None:
            with transaction.atomic():
                kept(found)
        return found
