from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from xsim.testing import serve
from yanzhen.activity.feed import verify
from yanzhen.demo import story
from yanzhen.demo.cast import CHANNELS, PEOPLE
from yanzhen.demo.scene import PUBLISHED
from yanzhen.demo.script import SCENES
from yanzhen.ideas.states import IdeaState
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.tests.desk import use_platform
from yanzhen.review.models import GuestRemark


@pytest.fixture
def fake_x(db, settings, monkeypatch, tmp_path):
    with serve() as (url, sim):
        use_platform(settings, monkeypatch, tmp_path, url)
        yield sim


def test_the_demo_is_a_team_in_the_middle_of_its_work_and_comes_once(
    fake_x, settings, tmp_path, capsys
):
    settings.DATA = tmp_path
    call_command("demo")

    workspace = Workspace.objects.get()
    assert Member.objects.filter(workspace=workspace).count() == len(PEOPLE)
    assert workspace.accounts.count() == len(CHANNELS)
    assert set(Post.objects.values_list("state", flat=True)) >= {
        PostState.DRAFT,
        PostState.REVIEW,
        PostState.RETURNED,
        PostState.PASSED,
        PostState.SCHEDULED,
        PostState.PUBLISHED,
        PostState.HELD,
    }
    assert set(workspace.ideas.values_list("state", flat=True)) == {
        IdeaState.IDEA,
        IdeaState.BRIEF,
        IdeaState.DROPPED,
    }
    said = GuestRemark.objects.select_related("link").get()
    assert (said.name, said.link.opened_at) == ("Sora Lund", said.at)
    assert list(verify(workspace.pk)) == []
    past_lies_at_the_fake_x(fake_x)
    call_command("demo")
    assert Post.objects.count() == len(SCENES)
    call_command("demo", "--sign-ins")
    assert "zhou@ferrow.example" in capsys.readouterr().out


def past_lies_at_the_fake_x(fake_x):
    told = [scene for scene in SCENES if scene.stage == PUBLISHED]
    sent = fake_x.posts()
    assert len(sent) == sum(len(scene.texts) for scene in told)
    assert {post["text"] for post in sent} == {text for scene in told for text in scene.texts}
    due = {post.due_at for post in Post.objects.filter(state=PostState.PUBLISHED)}
    for post in sent:
        created = datetime.fromisoformat(post["created_at"])
        assert min(abs(created - moment) for moment in due) < timedelta(seconds=5)


def test_a_demo_broken_off_says_how_to_start_again(fake_x, settings, monkeypatch, tmp_path):
    settings.DATA = tmp_path
    monkeypatch.setattr(story, "_frame", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("demo")
    with pytest.raises(CommandError, match="Delete the data folder"):
        call_command("demo")


def test_the_demo_refuses_the_real_x(db, settings, monkeypatch, tmp_path):
    use_platform(settings, monkeypatch, tmp_path, "https://api.x.com")
    with pytest.raises(CommandError, match="needs the fake X"):
        call_command("demo")
    assert not Workspace.objects.exists()
