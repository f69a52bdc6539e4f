"""Folders, details, search, versions, one change to many and its way back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import ImageOps

from yanzhen.activity.feed import events
from yanzhen.library.actions.assets import (
    AssetMoved,
    Change,
    Details,
    change_assets,
    changing,
    describe_asset,
    restore_assets,
)
from yanzhen.library.actions.shelving import (
    FolderRefused,
    add_folder,
    change_folder,
    remove_folder,
)
from yanzhen.library.actions.versions import add_version
from yanzhen.library.decoding.likeness import NEAR_BITS, bits_apart
from yanzhen.library.models import Asset, Folder, MediaFile
from yanzhen.library.queries import Narrowing, lookalikes, narrowed, tree_of
from yanzhen.library.refused import MediaRefused
from yanzhen.library.tests import makers
from yanzhen.library.tests.makers import upload
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

LATER = NOW + timedelta(hours=1)


def told(member, name="geese.jpg", **said):
    return Details(name=name, owner=member, **said)


def named(rows):
    return [media.asset.name for media in rows]


def found(member, **asked):
    folders = [branch.folder for branch in tree_of(member)]
    return named(narrowed(member, Narrowing(**asked), folders, now=NOW))


def make(member, number=0, name="geese.png", **said):
    media = upload(member, makers.image("PNG", size=(60 + number, 40)), name)
    asset = media.asset
    details = told(member, name, **said)
    describe_asset(asset, details=details, revision=0, by=member, now=NOW)
    return media


def test_folder_within_itself_and_twice_is_refused(cast):
    outer = add_folder(name="Travel", parent=None, by=cast.zhou, now=NOW)
    inner = add_folder(name="Rail", parent=outer, by=cast.zhou, now=NOW)
    for folder, parent in ((outer, inner), (outer, outer)):
        with pytest.raises(FolderRefused, match="within_itself"):
            change_folder(folder, name="Travel", parent=parent, by=cast.zhou, now=NOW)
    with pytest.raises(FolderRefused, match="taken"):
        add_folder(name=" Rail ", parent=outer, by=cast.zhou, now=NOW)
    with pytest.raises(FolderRefused, match="taken"):
        add_folder(name="Travel", parent=None, by=cast.zhou, now=NOW)
    assert [(b.path, b.depth) for b in tree_of(cast.zhou)] == [("Travel", 0), ("Travel / Rail", 1)]


def test_removed_folder_leaves_what_was_in_it_one_up(cast):
    outer = add_folder(name="Travel", parent=None, by=cast.zhou, now=NOW)
    inner = add_folder(name="Rail", parent=outer, by=cast.zhou, now=NOW)
    media = make(cast.zhou, folder=inner)
    remove_folder(inner, by=cast.zhou, now=NOW)
    assert Asset.objects.get(pk=media.asset_id).folder == outer
    assert not Folder.objects.filter(pk=inner.pk).exists()


@pytest.mark.parametrize("words", ["客舱", "安静", "ｑｕｉｅｔ CABIN", "studio", "灰蓝"])
def test_search_finds_two_letter_chinese_words_in_every_field(cast, words):
    make(
        cast.zhou,
        1,
        "安静的客舱.png",
        tags=["Quiet"],
        credit="Studio Nord",
        description="cabin 灰蓝",
    )
    make(cast.zhou, 2, "other.png", tags=["铁路"])
    assert found(cast.zhou, words=words) == ["安静的客舱.png"]
    assert found(cast.lena, words="舱客") == []
    assert found(cast.zhou, words="100%") == []


def test_filters_narrow_by_folder_time_and_use(cast):
    outer = add_folder(name="Travel", parent=None, by=cast.zhou, now=NOW)
    inner = add_folder(name="Rail", parent=outer, by=cast.zhou, now=NOW)
    make(cast.zhou, 1, "soon.png", folder=inner, expires_at=NOW + timedelta(days=30))
    make(cast.zhou, 2, "over.png", folder=outer, expires_at=NOW)
    make(cast.zhou, 3, "later.png", expires_at=NOW + timedelta(days=31), licence="own")
    assert found(cast.zhou, folder=outer.pk) == ["over.png", "soon.png"]
    assert found(cast.zhou, folder=0) == ["later.png"]
    assert found(cast.zhou, when="soon") == ["soon.png"]
    assert found(cast.zhou, when="over") == ["over.png"]
    assert found(cast.zhou, licence="own") == ["later.png"]
    assert len(found(cast.zhou, when="unused")) == 3


def test_details_of_an_older_copy_are_refused(cast):
    asset = upload(cast.zhou, makers.image()).asset
    describe_asset(asset, details=told(cast.zhou, "One"), revision=0, by=cast.zhou, now=NOW)
    with pytest.raises(AssetMoved):
        describe_asset(asset, details=told(cast.zhou, "Two"), revision=0, by=cast.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        describe_asset(asset, details=told(cast.zhou), revision=1, by=cast.admin, now=NOW)
    assert Asset.objects.get(pk=asset.pk).name == "One"


def test_one_change_to_many_is_undone_but_not_over_later_ones(cast):
    first, second = make(cast.zhou, 1).asset, make(cast.zhou, 2, tags=["Goose"]).asset
    change = Change("tag", tags=["#GOOSE", "Lake"])
    rows = list(Asset.objects.order_by("pk"))
    event = change_assets(rows, change=change, by=cast.zhou, now=NOW)
    assert sorted(t.name for t in first.tags.all()) == ["Goose", "Lake"]
    assert changing(list(Asset.objects.all()), change) == []
    second.refresh_from_db()
    describe_asset(
        second, details=told(cast.zhou, "Kept"), revision=second.revision, by=cast.zhou, now=NOW
    )
    assert restore_assets(event, by=cast.zhou, now=NOW) == 1
    assert not first.tags.exists()
    assert Asset.objects.get(pk=second.pk).name == "Kept"
    assert found(cast.zhou, words="lake") == []


def test_new_version_keeps_the_old_bytes(cast):
    old = upload(cast.zhou, makers.image("PNG"), "geese.png")
    with BytesIO(makers.image("PNG", size=(90, 60))) as file:
        new = add_version(old.asset, member=cast.zhou, file=file, name="geese-2.png", now=LATER)
    old.refresh_from_db()
    assert (new.asset_id, new.number, new.current, old.current) == (old.asset_id, 2, True, False)
    assert [m.pk for m in MediaFile.objects.filter(pk__in=[old.pk, new.pk]).shelved()] == [new.pk]
    assert Asset.objects.count() == 1
    with BytesIO(makers.image("PNG")) as file, pytest.raises(MediaRefused, match="same_bytes"):
        add_version(old.asset, member=cast.zhou, file=file, name="again.png", now=LATER)


def test_same_picture_in_another_size_and_format_is_pointed_at(cast):
    one = upload(cast.zhou, makers.image("PNG", size=(400, 300)), "one.png")
    other = upload(cast.zhou, makers.image("JPEG", size=(200, 150), quality=60), "other.jpg")
    mirrored = BytesIO()
    ImageOps.mirror(makers.picture(400, 300)).save(mirrored, "PNG")
    another = upload(cast.zhou, mirrored.getvalue(), "mirrored.png")
    assert lookalikes(one, viewer=cast.zhou) == [other]
    assert lookalikes(another, viewer=cast.zhou) == []
    assert bits_apart(one.likeness, another.likeness) > NEAR_BITS


def test_page_asks_as_often_for_three_files_as_for_one(cast, client):
    client.force_login(cast.zhou.user)
    make(cast.zhou, 1, tags=["a"], expires_at=NOW)
    counts = []
    for more in (0, 2):
        for number in range(more):
            make(cast.zhou, 10 + number, tags=["a", "b"], expires_at=NOW)
        client.get("/library/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/library/?look=list&when=over&q=geese").content.decode()
        counts.append(len(asked))
    assert page.count("Ended ") == 3
    assert counts[0] == counts[1]


def test_bulk_page_says_what_would_change_before_it_does(cast, client):
    client.force_login(cast.zhou.user)
    one, two = make(cast.zhou, 1, tags=["Goose"]), make(cast.zhou, 2)
    sent = {"what": "tag", "tags": "goose", "asset": [one.asset_id, two.asset_id]}
    page = client.post("/library/change/", sent).content.decode()
    assert "1 file would change." in page
    assert "1 is so already." in page
    assert not two.asset.tags.exists()
    client.post("/library/change/", {**sent, "answers": "tags=goose", "sure": "yes"})
    assert two.asset.tags.get().name == "Goose"
    event = events().objects.filter(kind="library.assets_changed").latest("pk")
    client.post(f"/library/undo/{event.pk}/")
    assert not two.asset.tags.exists()
    wrong = client.post("/library/change/", {"what": "tag", "asset": one.asset_id, "sure": "yes"})
    assert wrong.status_code == 422


def test_bulk_yes_to_other_answers_than_were_shown_asks_again(cast, client):
    client.force_login(cast.zhou.user)
    one = make(cast.zhou, 1)
    sent = {"what": "tag", "tags": "goose", "asset": one.asset_id}
    shown = client.post("/library/change/", sent).context["answers"]
    changed = {**sent, "tags": "swan", "answers": shown, "sure": "yes"}
    page = client.post("/library/change/", changed)
    assert "Your answers have changed since" in page.content.decode()
    assert not one.asset.tags.exists()
    assert client.post("/library/change/", {**sent, "sure": "yes"}).status_code == 200
    assert not one.asset.tags.exists(), "a yes that names nothing is a yes to nothing"
    client.post("/library/change/", {**changed, "answers": page.context["answers"]})
    assert one.asset.tags.get().name == "swan"
