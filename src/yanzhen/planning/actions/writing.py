"""Writing: start a post, save its draft without losing anybody's words, cut versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import record
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Actor, Decision, may, require
from yanzhen.planning.actions.carrying import carry
from yanzhen.planning.actions.embargoing import inherit_embargo
from yanzhen.planning.attachments import clean_extras, media_in, note_uses
from yanzhen.planning.content import Json, PostKind, Terms
from yanzhen.planning.events import (
    POST_CREATED,
    VERSION_CUT,
    PostCreated,
    VersionCut,
)
from yanzhen.planning.likeness import fingerprint
from yanzhen.planning.models import (
    TITLE_LENGTH,
    Campaign,
    Draft,
    Post,
    Segment,
    Version,
    content_of,
)
from yanzhen.planning.states import WRITABLE, PostState
from yanzhen.planning.wording import words_of

MOST_SEGMENTS = 25
PLAIN_TERMS = Terms()


class DraftConflict(Exception):
    """Somebody else saved meanwhile. ``draft`` is what stands now; nothing was overwritten."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"draft of post {draft.post_id} is at revision {draft.revision}")
        self.draft = draft


class TooManySegments(Exception):
    """A thread has more segments than we send in one go."""


class NothingToCut(Exception):
    """Every segment is empty, so there is nothing to keep."""


def _clean(texts: Sequence[str]) -> list[str]:
    """Return the texts with line ends made LF. Raises TextRefused and TooManySegments."""
    if len(texts) > MOST_SEGMENTS:
        raise TooManySegments(str(len(texts)))
    return [clean_text(text) for text in texts] or [""]


def _excerpt(texts: Sequence[str]) -> str:
    """Return how the text begins, on one line."""
    return " ".join(texts[0].split())[:TITLE_LENGTH] if texts else ""


@transaction.atomic
def create_post(
    *,
    account: Account,
    by: Member,
    texts: Sequence[str],
    title: str = "",
    campaign: Campaign | None = None,
    source: str = "composer",
    extras: Sequence[Json] = (),
    terms: Terms = PLAIN_TERMS,
    kind: PostKind = PostKind.POST,
    target_id: str = "",
    copy_of: Post | None = None,
    made_from: Post | None = None,
    now: datetime,
) -> Post:
    """Start a post with a draft. ``texts`` is one string for each segment; may be empty strings.

    ``extras`` as Draft.extras. ``kind``, ``target_id`` and ``made_from`` say what it edits or
    reposts; one that is ``copy_of`` another is under its embargo. Raises NotAllowed, TextRefused,
    TooManySegments, BadContent.
    """
    require(by, Decision.POST_WRITE, workspace_id=account.workspace_id, account_id=account.pk)
    texts = _clean(texts)
    kept = clean_extras(texts, extras, account.workspace_id)
    post = Post.objects.create(
        workspace_id=account.workspace_id,
        account=account,
        author=by,
        kind=kind,
        target_id=target_id,
        source=made_from,
        title=clean_text(title).strip()[:TITLE_LENGTH],
        excerpt=_excerpt(texts),
        language=account.language,
        segment_count=len(texts),
        fingerprint=fingerprint(texts),
        campaign=campaign,
        state_since_at=now,
        created_at=now,
        updated_at=now,
    )
    post.writers.add(by)
    if copy_of is not None:
        inherit_embargo(post, copy_of, now=now)
    carry(post, kept)
    Draft.objects.create(
        post=post,
        texts=texts,
        extras=kept,
        terms=terms.as_json(),
        words=words_of(texts),
        saved_by=by,
        saved_at=now,
    )
    if media_in(kept):
        note_uses(post)
    record(
        POST_CREATED,
        PostCreated(account=str(account), source=source),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return post


def _fits_kind(post: Post, texts: Sequence[str]) -> None:
    """Raise TextRefused for a thread in an edit, and for any words in a repost."""
    if post.kind == PostKind.EDIT and len(texts) > 1:
        raise TextRefused(_("An edit replaces one post on X. Keep it to one."))
    if post.kind == PostKind.REPOST:
        raise TextRefused(_("A repost has no words of its own. Start a post to say something."))


@transaction.atomic
def save_draft(
    post: Post,
    *,
    by: Member,
    texts: Sequence[str],
    revision: int,
    extras: Sequence[Json] | None = None,
    terms: Terms | None = None,
    now: datetime,
) -> Draft:
    """Save the draft if it is still at ``revision``, and return it with its new number.

    ``extras`` (as Draft.extras) and ``terms`` None keep what stands, by position. Not recorded one
    by one: versions are. Raises NotAllowed, TextRefused, TooManySegments, BadContent, DraftConflict
    when somebody else saved other words first (the same words again are no conflict: an answer may
    have been lost), MoveRefused when the post is no longer writable.
    """
    require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    texts = _clean(texts)
    _fits_kind(post, texts)
    rows = Post.objects.filter(pk=post.pk, state__in=WRITABLE)
    writable = rows.update(
        excerpt=_excerpt(texts),
        segment_count=len(texts),
        fingerprint=fingerprint(texts),
        updated_at=now,
    )
    if not writable:
        found = Post.objects.values_list("state", flat=True).get(pk=post.pk)
        raise MoveRefused(post, "write", found)
    before = Draft.objects.get(post=post)
    wished = {
        "texts": texts,
        "extras": clean_extras(
            texts, before.extras if extras is None else extras, post.workspace_id
        ),
        "terms": before.terms if terms is None else terms.as_json(),
    }
    saved = Draft.objects.filter(post=post, revision=revision).update(
        **wished, words=words_of(texts), revision=F("revision") + 1, saved_by=by, saved_at=now
    )
    draft = Draft.objects.select_related("saved_by__user").get(post=post)
    if not saved and any(getattr(draft, name) != value for name, value in wished.items()):
        # Leaving by exception rolls the excerpt back as well.
        raise DraftConflict(draft)
    carry(post, draft.extras)
    post.writers.add(by)
    if media_in(draft.extras) != media_in(before.extras):
        note_uses(post)
    return draft


@transaction.atomic
def merge_draft(
    post: Post,
    *,
    by: Member,
    texts: Sequence[str],
    revision: int,
    extras: Sequence[Json] | None = None,
    terms: Terms | None = None,
    now: datetime,
) -> Draft:
    """Save over somebody else's draft at ``revision``, keeping theirs as a version first.

    Raises as save_draft does; DraftConflict again when a third save came in between.
    """
    require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    draft = Draft.objects.select_related("post").get(post=post)
    if draft.content.without_empty().segments and not _says(draft, texts, extras, terms):
        cut_version(post, by=by, now=now)
    return save_draft(
        post, by=by, texts=texts, extras=extras, terms=terms, revision=revision, now=now
    )


def _says(
    draft: Draft, texts: Sequence[str], extras: Sequence[Json] | None, terms: Terms | None
) -> bool:
    """Tell whether the draft holds exactly this; None is what it holds."""
    cleaned = _clean(texts)
    if draft.texts != cleaned or (terms is not None and draft.terms != terms.as_json()):
        return False
    if extras is None:
        return True
    kept = clean_extras(cleaned, draft.extras, draft.post.workspace_id)
    return kept == clean_extras(cleaned, extras, draft.post.workspace_id)


@transaction.atomic
def cut_version(post: Post, *, by: Member, note: str = "", now: datetime) -> Version:
    """Keep the draft as a version and return it; the latest one again when nothing changed.

    Empty segments are left out. Raises NotAllowed, NothingToCut, BadContent (an attachment is no
    longer in the library), and TextRefused for the note.
    """
    require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    # The account is part of what is approved: ask the row, not the copy in hand.
    account_id = Post.objects.select_for_update().get(pk=post.pk).account_id
    draft = _with_library_as_it_is(Draft.objects.select_related("post").get(post=post))
    content = draft.content
    if content.kind != PostKind.REPOST:
        content = content.without_empty()
    if not content.segments:
        raise NothingToCut(f"post {post.pk}")
    digest = content.digest(account_id)
    latest = post.versions.order_by("-number").first()
    if latest is not None and latest.digest == digest:
        return latest
    highest = post.versions.aggregate(highest=Max("number"))["highest"] or 0
    version = Version.objects.create(
        post=post,
        number=highest + 1,
        digest=digest,
        terms=content.terms.as_json(),
        kind=content.kind,
        target_id=content.target,
        account_id=account_id,
        cut_by=by,
        cut_at=now,
        note=" ".join(clean_text(note).split())[:200],
    )
    Segment.objects.bulk_create(
        Segment(version=version, position=n, text=segment.text, extras=segment.extras())
        for n, segment in enumerate(content.segments)
    )
    texts = content.texts
    Post.objects.filter(pk=post.pk).update(
        version=version, segment_count=len(texts), excerpt=_excerpt(texts), updated_at=now
    )
    post.version = version
    if media_in([segment.extras() for segment in content.segments]):
        note_uses(post)
    record(
        VERSION_CUT,
        VersionCut(number=version.number, digest=digest),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return version


def _with_library_as_it_is(draft: Draft) -> Draft:
    """Take over subtitles that were saved in the library after the draft was."""
    fresh = clean_extras(draft.texts, draft.extras, draft.post.workspace_id)
    if draft.extras and fresh != draft.extras:
        Draft.objects.filter(pk=draft.pk).update(extras=fresh)
        draft.extras = fresh
    return draft


@transaction.atomic
def save_version(
    post: Post,
    *,
    by: Member,
    texts: Sequence[str],
    revision: int,
    extras: Sequence[Json] | None = None,
    terms: Terms | None = None,
    note: str = "",
    now: datetime,
) -> Version:
    """Save the draft and keep it as a version. Raises as save_draft and cut_version do."""
    save_draft(post, by=by, texts=texts, revision=revision, extras=extras, terms=terms, now=now)
    return cut_version(post, by=by, note=note, now=now)


@transaction.atomic
def restore_version(
    post: Post, version: Version, *, by: Member, revision: int, now: datetime
) -> Draft:
    """Put an older version into the draft, keeping what stood there as a version first.

    Raises as save_draft does; NothingToCut never (an empty draft needs no keeping).
    """
    draft = Draft.objects.select_related("post").get(post=post)
    if draft.content.without_empty().segments:
        cut_version(post, by=by, now=now)
    content = content_of(version)
    return save_draft(
        post,
        by=by,
        texts=content.texts,
        extras=[segment.extras() for segment in content.segments],
        terms=content.terms,
        revision=revision,
        now=now,
    )


def is_writable(post: Post) -> bool:
    """Tell whether the text may be typed into now."""
    return PostState(post.state) in WRITABLE and post.kind != PostKind.REPOST


def actor_may_write(by: Actor, post: Post) -> bool:
    """Tell whether ``by`` could save this draft now, for showing the editor or the text."""
    able = may(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    return able and is_writable(post)
