import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yanzhen.kernel.clock import now
from yanzhen.people.tests.cast import make_cast
from yanzhen.planning.importing.readers import read_sheet
from yanzhen.planning.models import Post
from yanzhen.planning.tests.plans import file_of, make_account, row

pytestmark = pytest.mark.django_db
NEXT_WEEK = f"{now() + timedelta(days=7):%Y-%m-%d}"


@pytest.fixture
def cast():
    cast = make_cast()
    make_account(cast.workspace)
    return cast


@pytest.fixture
def maya(cast, client):
    client.force_login(cast.maya.user)
    return client


def check(client, *rows, **fields):
    content = fields.pop("content", None) or file_of(*rows).content
    upload = SimpleUploadedFile("plan.csv", content)
    return client.post(reverse("plan-import"), {"file": upload, "order": "file", **fields})


def parked_in(response):
    found = re.search(r'name="parked" value="([^"]+)"', response.content.decode())
    return found and found[1]


def test_import_page_asks_for_a_file(maya):
    page = maya.get(reverse("plan-import")).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "parked" not in page


def test_import_page_checks_then_imports(maya):
    checked = check(maya, row("One", date=NEXT_WEEK), row("Two", date=NEXT_WEEK))
    assert checked.status_code == 200
    assert not Post.objects.exists()
    done = maya.post(reverse("plan-import-confirm"), {"parked": parked_in(checked)})
    assert (done.status_code, done["Location"]) == (302, reverse("posts"))
    assert sorted(Post.objects.values_list("excerpt", flat=True)) == ["One", "Two"]


def test_import_page_shows_errors_by_line_and_offers_no_import(maya):
    checked = check(maya, row("One", date=NEXT_WEEK), row("x" * 300, date=NEXT_WEEK))
    assert checked.status_code == 422
    assert "300 of 280: 20 over" in checked.content.decode()
    assert parked_in(checked) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"foo,bar\n1,2\n", "The columns are not known"), ("é,ü\n".encode("latin-1"), "encoding")],
)
def test_import_page_says_why_a_file_cannot_be_read(maya, content, words):
    refused = check(maya, content=content)
    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_import_page_asks_again_without_a_file(maya):
    assert maya.post(reverse("plan-import"), {"order": "file"}).status_code == 422


def test_import_page_refuses_an_account_of_another_workspace(maya, cast):
    make_account(cast.wu.workspace, "other")
    assert check(maya, row(), account="other").status_code == 422


def test_import_page_confirm_answers_409_when_the_plan_changed_meanwhile(maya):
    parked = parked_in(check(maya, row("One", date=NEXT_WEEK)))
    maya.post(reverse("plan-import-confirm"), {"parked": parked})
    again = maya.post(reverse("plan-import-confirm"), {"parked": parked})
    assert again.status_code == 409
    assert "has the same text" in again.content.decode()
    assert Post.objects.count() == 1


def test_import_page_confirm_refuses_an_altered_file(maya):
    parked = parked_in(check(maya, row("One", date=NEXT_WEEK)))
    for broken in ("", "nonsense", parked[:-3] + "abc", "A" + parked[1:]):
        assert maya.post(reverse("plan-import-confirm"), {"parked": broken}).status_code == 422
    assert not Post.objects.exists()


def test_import_page_confirm_refuses_a_file_that_somebody_else_checked(maya, cast, client):
    parked = parked_in(check(maya, row("One", date=NEXT_WEEK)))
    other = next(m for m in (cast.lin, cast.lena, cast.zhou) if m.may("plan.import"))
    client.force_login(other.user)
    assert client.post(reverse("plan-import-confirm"), {"parked": parked}).status_code == 422
    assert not Post.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_import_page_sends_a_blank_file_that_can_be_imported(maya, kind):
    blank = maya.get(reverse("plan-import-blank", args=[kind]))
    assert f"yanzhen-plan.{kind}" in blank["Content-Disposition"]
    content = io.BytesIO(blank.content).read()
    assert read_sheet(content).lines[0].cells[:2] == ["account", "date"]
    assert check(maya, content=content).status_code == 200


def test_import_page_sends_no_other_kind_of_file(maya):
    assert maya.get(reverse("plan-import-blank", args=["exe"])).status_code == 404
