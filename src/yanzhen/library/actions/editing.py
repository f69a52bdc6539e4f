"""Making one image from another."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath

from yanzhen.library.actions.keeping import already_there, keep
from yanzhen.library.decoding.editing import Wanted, check_wanted, edited
from yanzhen.library.decoding.sniffing import Format
from yanzhen.library.facts import MediaKind
from yanzhen.library.models import MOST_NAME, MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.storing import StoreSilent, open_bytes
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require_somewhere


def edit_image(
    *,
    media: MediaFile,
    by: Member,
    crop: tuple[int, int, int, int] | None = None,
    turn: int = 0,
    size: tuple[int, int] | None = None,
    now: datetime,
) -> MediaFile:
    """Make a new image from ``media``, which stays as it is; return the new row.

    In this order: ``crop`` (left, top, width, height, in pixels of the image as shown), then
    ``turn`` (0, 90, 180 or 270 degrees clockwise), then ``size`` (width, height in pixels). Alt
    text comes along, where it was taken does not. Raises NotAllowed, and MediaRefused when it
    cannot be done or would change nothing. Call it outside a transaction: encoding takes time.
    """
    require_somewhere(by, Decision.POST_WRITE, workspace_id=media.workspace_id)
    if media.kind != MediaKind.IMAGE:
        raise MediaRefused(Refusal.NOT_EDITABLE)
    wanted = check_wanted(Wanted(crop, turn, size), width=media.width, height=media.height)
    form = next(form for form in Format if form.mime == media.mime)
    try:
        with open_bytes(media) as source, edited(source, form, wanted) as (taken, target):
            found = already_there(media.workspace_id, taken.sha256)
            return found or keep(
                taken,
                member=by,
                name=_name(media, taken.facts.width, taken.facts.height, target),
                now=now,
                original=media,
            )
    except StoreSilent:
        raise MediaRefused(Refusal.STORE_SILENT) from None


def _name(media: MediaFile, width: int, height: int, form: Format) -> str:
    """Return the original's name with the new size behind it: geese-800x600.jpg."""
    stem = PurePosixPath(media.name).stem
    ending = f"-{width}x{height}.{form.endings[0]}"
    return stem[: MOST_NAME - len(ending)] + ending
