"""Posts in a file, and back again."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.planning.actions.importing import import_plan
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.cells import as_written, harmless, told_apart
from yanzhen.planning.exporting.rows import rows_of
from yanzhen.planning.exporting.sheets import csv_lines
from yanzhen.planning.importing.plan import Source
from yanzhen.planning.importing.readers import read_sheet
from yanzhen.planning.models import Campaign, Post
from yanzhen.planning.tests.plan import make_post, timed

pytestmark = pytest.mark.django_db
EARLY = datetime.fromisoformat("2026-03-10T00:30")
ODD = (
    *("=1+1", "+49 30", "-5 Grad", "@lin 你好", "＝1", "'=x", "''@y", "'quoted'", '100% "yes", no'),
    "two\nlines",
)


def send(client, **fields):
    return client.post(reverse("plan-export"), {"format": "CSV", **fields})


def content_of(answer):
    return b"".join(answer.streaming_content)


def lines_of(answer):
    return [line.cells for line in read_sheet(content_of(answer)).lines]


def essence(workspace):
    """Return what an import can bring back of each post, in the order of the plan."""
    posts = Post.objects.filter(workspace=workspace).select_related("draft", "account", "campaign")
    return [
        (
            *(
                post.account.handle,
                post.title,
                post.draft.texts,
                post.campaign and post.campaign.name,
            ),
            *(post.due_wall, post.due_zone, post.due_fold, post.due_at),
        )
        for post in posts.order_by("pk")
    ]


@pytest.mark.parametrize("kind", ["CSV", "XLSX"])
def test_export_then_import_into_an_empty_workspace_gives_the_same_posts(cast, enter, kind):
    account = make_account(cast.workspace, handle="ferrow")
    campaign = Campaign.objects.create(workspace=cast.workspace, name="-20%", code="sale")
    for place, text in enumerate(ODD):
        post = make_post(account, cast.zhou, text, title=text.splitlines()[0])
        timed(post, cast.lin, datetime.fromisoformat(f"2026-03-{10 + place}T10:00"))
    thread = make_post(account, cast.zhou, *[f"Part {number}" for number in range(1, 6)])
    Post.objects.filter(pk=thread.pk).update(campaign=campaign)
    twice = make_post(account, cast.zhou, "The hour comes twice.")
    Post.objects.filter(pk=twice.pk).update(
        due_wall="2026-10-25T02:30",
        due_zone="Europe/Berlin",
        due_fold=1,
        due_tzdata="x",
        due_at=datetime.fromisoformat("2026-10-25T01:30+00:00"),
    )
    content = content_of(send(enter(cast.lin), format=kind))

    make_account(cast.wu.workspace, handle="ferrow")
    Campaign.objects.create(workspace=cast.wu.workspace, name="-20%", code="sale")
    source = Source(name=f"plan.{kind.lower()}", content=content)
    import_plan(source=source, by=cast.wu, now=NOW)
    # Those without a time come last in the file.
    before = sorted(essence(cast.workspace), key=lambda each: (each[-1] is None, str(each[-1])))
    assert essence(cast.wu.workspace) == before


def test_cells_are_harmless_and_nothing_is_lost():
    for text in (*ODD, "\tx", "\rx", "plain", "", "'", "＠x"):
        assert as_written(harmless(text)) == text
        assert as_written(told_apart(text)) == text
        assert harmless(text)[:1] not in tuple("=+-@\t\r＝＋－＠")


def test_export_begins_with_the_mark_for_excel_and_marks_formulas(enter, cast, account):
    make_post(account, cast.zhou, "=HYPERLINK(1)")
    answer = send(enter(cast.zhou))
    assert answer["Content-Disposition"] == 'attachment; filename="ferrow-2026-03-02.csv"'
    content = content_of(answer)
    assert content.startswith(b"\xef\xbb\xbfaccount,date,time,zone,text,thread_2,thread_3,title,")
    assert b"'=HYPERLINK(1)" in content


def test_export_takes_what_was_asked_for_only(enter, cast, account):
    other = make_account(cast.workspace, handle="second", remote_id="2")
    early = timed(make_post(account, cast.zhou, "Early"), cast.lin, EARLY)
    timed(make_post(account, cast.zhou, "Late"), cast.lin, EARLY + timedelta(days=1))
    timed(make_post(other, cast.zhou, "Elsewhere"), cast.lin, EARLY + timedelta(hours=12))
    make_post(account, cast.zhou, "No time")
    gone = make_post(account, cast.zhou, "Dropped")
    drop_post(gone, by=cast.lin, now=NOW)
    client = enter(cast.lena)
    day = {"first": "2026-03-10", "last": "2026-03-10", "account": account.pk}
    header, *rows = lines_of(send(client, **day))
    assert [row[header.index("text")] for row in rows] == ["Early"]
    assert rows[0][header.index("link")].endswith(f"/posts/{early.pk}/")
    assert len(lines_of(send(client))) == 1 + 4
    assert len(lines_of(send(client, when="none"))) == 1 + 1
    assert len(lines_of(send(client, stage="dropped"))) == 1 + 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first": "2026-03-11", "last": "2026-03-10"}, "before the first day"),
        ({"first": "1999-01-01"}, "between 2006 and 2100"),
        ({"first": "2026-03-01", "when": "none"}, "Clear the days"),
        ({"q": "nobody says this"}, "nothing to export"),
        ({"format": "PDF"}, "PDF"),
        ({"account": 999_999}, "999999"),
    ],
)
def test_export_says_what_is_wrong(enter, cast, post, fields, words):
    refused = send(enter(cast.zhou), **fields)
    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_export_page_begins_with_what_the_calendar_shows(enter, cast, account):
    asked = f"?month=2026-02&account={account.pk}&stage=draft"
    page = enter(cast.zhou).get(reverse("plan-export") + asked).content.decode()
    assert 'value="2026-02-01"' in page
    assert 'value="2026-02-28"' in page
    assert '<option value="draft" selected' in page
    assert "checked" in page
    assert (
        enter(cast.zhou).get(reverse("plan-export") + "?month=x&account=y&first=z").status_code
        == 200
    )


def test_export_is_in_the_log(enter, cast, post):
    content_of(send(enter(cast.zhou)))
    told = events().objects.filter(kind="planning.posts_exported").get()
    assert (told.data["count"], told.data["format"]) == (1, "CSV")


def test_export_reads_many_rows_piece_by_piece(cast, account, django_assert_num_queries):
    for number in range(3):
        make_post(account, cast.zhou, f"Text {number}")
    posts = Post.objects.visible_to(cast.zhou).order_by("pk")
    with django_assert_num_queries(2):
        assert len(list(csv_lines(rows_of(posts, base="https://x.example")))) == 4


def test_exported_page_can_be_checked_by_the_import(enter, cast, post):
    client = enter(cast.lin)
    upload = SimpleUploadedFile("plan.csv", content_of(send(client)))
    page = client.post(reverse("plan-import"), {"file": upload, "order": "file"}).content.decode()
    # It is the very post that is there already.
    assert "has the same text" in page
    assert "stage, author, link" in page


def test_menu_of_the_posts_follows_how_they_are_narrowed(enter, cast, post):
    headers = {"HX-Request": "true", "HX-Target": "posts"}
    piece = enter(cast.zhou).get(reverse("posts") + "?q=geese&stage=draft", headers=headers)
    assert 'id="export-menu" hx-swap-oob="true"' in piece.content.decode()
    assert f"{reverse('plan-export')}?q=geese&amp;stage=draft" in piece.content.decode()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({"day": "2026-03-11", "view": "week"}, "2026-03-09", "2026-03-15"),
        ({"day": "2026-03-11", "view": "day"}, "2026-03-11", "2026-03-11"),
        ({"month": "2026-02"}, "2026-02-01", "2026-02-28"),
    ],
)
def test_export_begins_with_the_days_that_the_calendar_shows(client, asked, first, last):
    cast = make_cast()
    client.force_login(cast.zhou.user)
    form = client.get(reverse("plan-export"), asked).context["form"]
    assert (f"{form['first'].value()}", f"{form['last'].value()}") == (first, last)
    bad = client.get(reverse("plan-export"), {"day": "x", "view": "week"}).context["form"]
    assert not bad["first"].value()
