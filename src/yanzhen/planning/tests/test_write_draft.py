"""Starting posts, saving drafts, cutting and restoring versions."""

import hashlib
import json

import pytest

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.details import change_details
from yanzhen.planning.actions.framing import add_campaign
from yanzhen.planning.actions.writing import (
    MOST_SEGMENTS,
    DraftConflict,
    NothingToCut,
    TooManySegments,
    create_post,
    cut_version,
    merge_draft,
    restore_version,
    save_draft,
    save_version,
)
from yanzhen.planning.models import Draft, Post, Version, content_of, texts_of
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import copy_of, in_review, kinds_about, make_post

#: Joined emoji, a flag, leading and trailing spaces, a tab, combining marks, an empty first line.
ODD = "\n  🧑‍🚀👩🏽‍💻 🇨🇳\t Cafe\u0301 é  雁阵 \n\n "


def save(post, by, *texts, revision=1):
    return save_draft(post, by=by, texts=texts, revision=revision, now=NOW)


def test_create_post_keeps_the_text_and_says_so(account, cast):
    post = create_post(account=account, by=cast.zhou, texts=["One", "Two"], now=NOW)
    assert (post.state, post.segment_count, post.excerpt) == (PostState.DRAFT, 2, "One")
    assert post.draft.texts == ["One", "Two"]
    assert kinds_about(post) == ["planning.post_created"]


def test_create_post_needs_the_right_in_that_workspace(account, cast):
    for stranger in (cast.admin, cast.wu):
        with pytest.raises(NotAllowed):
            create_post(account=account, by=stranger, texts=["No"], now=NOW)
    assert not Post.objects.exists()


@pytest.mark.parametrize("text", ["nul \x00", "half \ud83d", "bell \x07", "mark \ufeff"])
def test_create_post_and_save_draft_refuse_what_no_text_may_hold(account, cast, post, text):
    with pytest.raises(TextRefused):
        create_post(account=account, by=cast.zhou, texts=[text], now=NOW)
    with pytest.raises(TextRefused):
        save(post, cast.zhou, "fine", text)
    assert Draft.objects.get(post=post).revision == 1


def test_save_draft_alters_nothing_but_line_ends(post, cast):
    saved = save(post, cast.zhou, ODD, "a\r\nb\rc")
    assert saved.texts == [ODD, "a\nb\nc"]
    version = cut_version(post, by=cast.zhou, now=NOW)
    assert [text.encode() for text in texts_of(version)] == [ODD.encode(), b"a\nb\nc"]
    body = {"account": post.account_id, "segments": [{"text": ODD}, {"text": "a\nb\nc"}]}
    coded = json.dumps(body, sort_keys=True, separators=(",", ":"))
    assert version.digest == hashlib.sha256(coded.encode()).hexdigest()


def test_save_draft_raises_the_revision_and_the_excerpt(post, cast):
    assert save(post, cast.zhou, "  New\nwords ", "more").revision == 2
    post.refresh_from_db()
    assert (post.excerpt, post.segment_count) == ("New words", 2)


def test_save_draft_on_an_old_revision_keeps_both_texts(post, cast):
    save(post, cast.lin, "Lin was here")
    with pytest.raises(DraftConflict) as refused:
        save(copy_of(post), cast.zhou, "Zhou too")
    assert refused.value.draft.texts == ["Lin was here"]
    assert Draft.objects.get(post=post).texts == ["Lin was here"]
    assert copy_of(post).excerpt == "Lin was here"


def test_save_draft_of_the_same_words_again_is_no_conflict(post, cast):
    first = save(post, cast.zhou, "Once")
    again = save(post, cast.zhou, "Once")
    assert (first.revision, again.revision) == (2, 2)


def test_save_draft_refuses_a_post_in_review(post, cast):
    in_review(post, cast.zhou)
    with pytest.raises(MoveRefused):
        save(post, cast.zhou, "Late")
    assert Draft.objects.get(post=post).texts == ["Geese take turns at the lead."]


def test_save_draft_needs_the_right(post, cast):
    for stranger in (cast.lena, cast.wu):
        with pytest.raises(NotAllowed):
            save(post, stranger, "No")


def test_save_draft_takes_25_segments_and_no_more(post, cast):
    save(post, cast.zhou, *["x"] * MOST_SEGMENTS)
    with pytest.raises(TooManySegments):
        save(post, cast.zhou, *["x"] * (MOST_SEGMENTS + 1), revision=2)


def test_save_draft_remembers_who_wrote(post, cast):
    save(post, cast.lin, "Mine too")
    assert set(post.writers.values_list("pk", flat=True)) == {cast.zhou.pk, cast.lin.pk}


def test_merge_draft_keeps_theirs_as_a_version(post, cast):
    theirs = save(post, cast.lin, "Theirs")
    merged = merge_draft(post, by=cast.zhou, texts=["Mine"], revision=theirs.revision, now=NOW)
    assert merged.texts == ["Mine"]
    assert [list(texts_of(v)) for v in post.versions.all()] == [["Theirs"]]


def test_merge_draft_after_a_third_save_keeps_all_three(post, cast):
    theirs = save(post, cast.lin, "Second")
    save(post, cast.maya, "Third", revision=theirs.revision)
    with pytest.raises(DraftConflict):
        merge_draft(post, by=cast.zhou, texts=["Mine"], revision=theirs.revision, now=NOW)
    assert Draft.objects.get(post=post).texts == ["Third"]
    assert not post.versions.exists()


def test_cut_version_leaves_out_empty_segments(post, cast):
    save(post, cast.zhou, "One", " \n ", "Two")
    assert texts_of(cut_version(post, by=cast.zhou, now=NOW)) == ["One", "Two"]
    assert kinds_about(post)[-1] == "planning.version_cut"


def test_cut_version_without_changes_returns_the_latest(post, cast):
    first = cut_version(post, by=cast.zhou, now=NOW)
    assert cut_version(copy_of(post), by=cast.lin, now=NOW).pk == first.pk
    assert kinds_about(post).count("planning.version_cut") == 1


def test_cut_version_of_nothing_is_refused(account, cast):
    post = make_post(account, cast.zhou, " ")
    with pytest.raises(NothingToCut):
        cut_version(post, by=cast.zhou, now=NOW)


def test_cut_version_binds_the_account_of_the_row_not_of_the_copy(post, cast):
    stale, other = copy_of(post), make_account(cast.workspace, "Other")
    change_details(post, by=cast.zhou, title="", account=other, campaign=None, now=NOW)
    version = cut_version(stale, by=cast.zhou, now=NOW)
    assert version.account_id == other.pk
    assert version.digest == content_of(version).digest(other.pk)


def test_cut_version_needs_the_right(post, cast):
    with pytest.raises(NotAllowed):
        cut_version(post, by=cast.wu, now=NOW)


def test_cut_version_refuses_a_broken_note(post, cast):
    with pytest.raises(TextRefused):
        cut_version(post, by=cast.zhou, note="half \ud83d", now=NOW)
    assert not post.versions.exists()


def test_versions_never_change_or_go(post, cast):
    version = cut_version(post, by=cast.zhou, now=NOW)
    version.note = "Other"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()


def test_save_version_saves_and_cuts_or_neither(post, cast):
    version = save_version(post, by=cast.zhou, texts=["Now"], revision=1, note="n", now=NOW)
    assert (texts_of(version), version.note) == (["Now"], "n")
    with pytest.raises(DraftConflict):
        save_version(post, by=cast.lin, texts=["Stale"], revision=1, now=NOW)
    assert Version.objects.count() == 1


def test_restore_version_keeps_what_stood_there(post, cast):
    old = cut_version(post, by=cast.zhou, now=NOW)
    draft = save(post, cast.zhou, "Newer")
    restored = restore_version(post, old, by=cast.lin, revision=draft.revision, now=NOW)
    assert restored.texts == list(texts_of(old))
    assert [texts_of(v) for v in post.versions.order_by("number")][1] == ["Newer"]


def test_restore_version_on_an_old_revision_changes_nothing(post, cast):
    old = cut_version(post, by=cast.zhou, now=NOW)
    save(post, cast.lin, "Newer")
    with pytest.raises(DraftConflict):
        restore_version(post, old, by=cast.zhou, revision=1, now=NOW)
    assert Draft.objects.get(post=post).texts == ["Newer"]
    assert post.versions.count() == 1


def test_change_details_records_each_change(post, account, cast):
    june = add_campaign(name="June", code="june", by=cast.lin, now=NOW)
    change_details(post, by=cast.zhou, title=" A\n title ", account=account, campaign=june, now=NOW)
    post.refresh_from_db()
    assert (post.title, post.campaign) == ("A title", june)
    assert kinds_about(post)[1:] == ["planning.post_changed"] * 2


def test_change_details_refuses_the_second_of_two_stale_copies(post, account, cast):
    other = copy_of(post)
    change_details(post, by=cast.zhou, title="First", account=account, campaign=None, now=NOW)
    with pytest.raises(MoveRefused):
        change_details(other, by=cast.lin, title="Second", account=account, campaign=None, now=NOW)
    assert copy_of(post).title == "First"


def test_change_details_of_the_account_waits_for_a_writable_post(post, account, cast):
    in_review(post, cast.zhou)
    other = make_account(cast.workspace, "Other")
    with pytest.raises(MoveRefused):
        change_details(post, by=cast.zhou, title="", account=other, campaign=None, now=NOW)
    change_details(post, by=cast.zhou, title="Fine", account=account, campaign=None, now=NOW)


def test_change_details_refuses_an_account_or_campaign_from_elsewhere(post, account, cast):
    foreign = make_account(cast.wu.workspace, "Foreign")
    theirs = add_campaign(name="Theirs", code="theirs", by=cast.wu, now=NOW)
    for change in (
        {"account": foreign, "campaign": None},
        {"account": account, "campaign": theirs},
    ):
        with pytest.raises(NotAllowed):
            change_details(post, by=cast.zhou, title="", now=NOW, **change)
