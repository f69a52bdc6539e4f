"""Files of the library for planning's tests, and what hangs on segments."""

from __future__ import annotations

from yanzhen.library.tests import makers
from yanzhen.planning.content import MediaUse, SegmentContent


def own_store(settings, folder):
    """Let files of one test lie in a folder of its own."""
    kinds = {**settings.STORAGES}
    kinds["media"] = {**kinds["media"], "OPTIONS": {"location": str(folder / "media")}}
    settings.STORAGES = kinds


def picture(member, name="geese.png", size=(120, 80)):
    """Keep an image of that size in the member's library."""
    return makers.upload(member, makers.image("PNG", size=size), name)


def video(member, name="geese.mp4"):
    """Keep a video of one second."""
    return makers.upload(member, makers.PLAIN_MP4, name)


def hung(*media, alt="Geese"):
    """Return what a segment with these files holds, as it is sent."""
    return {"media": [{"media": each.pk, "sha256": "", "alt": alt} for each in media]}


def uses(post):
    """Return the media numbers on each segment of the draft, in order."""
    post.draft.refresh_from_db()
    return [[use.media for use in segment.media] for segment in post.draft.content.segments]


def segment_of(text, *media):
    """Return a segment as values."""
    return SegmentContent(
        text, tuple(MediaUse(each.pk, each.sha256, alt="Geese") for each in media)
    )
