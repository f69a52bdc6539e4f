from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.activity.models import Event
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import make_cast
from yanzhen.planning.actions.importing import PlanRefused, import_plan
from yanzhen.planning.likeness import fingerprint
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.tests.plans import NOW, file_of, make_account, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    cast = make_cast()
    make_account(cast.workspace)
    return cast


def test_import_plan_makes_drafts_with_their_times(cast):
    posts = import_plan(
        source=file_of(row("One", "Two", title="Trip"), row("Later", date="", time="")),
        by=cast.maya,
        now=NOW,
    )
    first, second = (Post.objects.get(pk=post.pk) for post in posts)
    assert (first.state, first.title, first.excerpt, first.segment_count) == (
        "draft",
        "Trip",
        "One",
        2,
    )
    assert (first.due_wall, first.due_zone) == ("2026-06-10T17:00", "Europe/Berlin")
    assert first.due_at.isoformat() == "2026-06-10T15:00:00+00:00"
    assert first.due_tzdata
    assert (second.due_at, second.due_wall) == (None, "")
    assert first.draft.texts == ["One", "Two"]
    assert first.draft.words == "one\ntwo"
    assert bytes(first.fingerprint) == fingerprint(["One", "Two"])
    assert list(first.writers.all()) == [cast.maya]
    [event] = Event.objects.filter(kind="planning.plan_imported")
    assert event.data == {"file": "plan.csv", "count": 2, "format": "Yanzhen"}


def test_import_plan_writes_nothing_when_one_row_is_wrong(cast):
    with pytest.raises(PlanRefused) as refused:
        import_plan(source=file_of(row("Fine"), row("")), by=cast.maya, now=NOW)
    assert [planned.row.line for planned in refused.value.plan.refused] == [3]
    assert not Post.objects.exists()
    assert not Draft.objects.exists()


def test_import_plan_refuses_the_same_file_twice(cast):
    source = file_of(row("One"), row("Two", date="", time=""))
    import_plan(source=source, by=cast.maya, now=NOW)
    with pytest.raises(PlanRefused) as refused:
        import_plan(source=source, by=cast.maya, now=NOW)
    assert all("has the same text" in p.errors[0] for p in refused.value.plan.refused)
    assert len(refused.value.plan.refused) == 2
    assert Post.objects.count() == 2


def test_import_plan_asks_the_right_first(cast):
    holder = {member.pk for member in (cast.zhou, cast.maya, cast.lin) if member.may("plan.import")}
    without = next(
        m
        for m in (cast.zhou, cast.lin, cast.lena, cast.admin)
        if m.pk not in holder and not m.may("plan.import")
    )
    with pytest.raises(NotAllowed):
        import_plan(source=file_of(row()), by=without, now=NOW)
    assert not Post.objects.exists()


def test_import_plan_asks_as_much_of_the_database_for_many_rows(cast):
    counts = []
    for name, size in (("a", 1), ("b", 40)):
        source = file_of(*[row(f"Post {name} {n}") for n in range(size)])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_plan(source=source, by=cast.maya, now=NOW)
        counts.append(len(queries))
    assert abs(counts[1] - counts[0]) <= 1


def run(path, *options):
    out, err = StringIO(), StringIO()
    call_command(
        "import_plan",
        str(path),
        "--workspace=ferrow",
        "--by=MAYA@example.com",
        *options,
        stdout=out,
        stderr=err,
    )
    return out.getvalue()


@pytest.fixture
def plan_file(tmp_path):
    def write(*rows):
        path = tmp_path / "plan.csv"
        path.write_bytes(file_of(*rows).content)
        return path

    return write


def test_import_plan_command_checks_then_imports(cast, plan_file):
    path = plan_file(row("One", date="2099-06-10"))
    assert "1 rows can be imported" in run(path, "--dry-run")
    assert not Post.objects.exists()
    assert "1 posts imported" in run(path)
    assert Post.objects.get().author == cast.maya


def test_import_plan_command_fails_line_by_line(cast, plan_file):
    path = plan_file(row("", date="2099-06-10"))
    for options in ([], ["--dry-run"]):
        with pytest.raises(CommandError):
            run(path, *options)
    assert not Post.objects.exists()


def test_import_plan_command_names_what_it_cannot_find(cast, plan_file, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="no active member"):
        call_command("import_plan", str(plan_file(row())), "--workspace=ferrow", "--by=a@b.c")
