"""Ending one's other sessions leaves no ear behind: nothing goes on telling somebody else."""

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from yanzhen.activity.feed import events
from yanzhen.duty.actions.linking import make_link as make_duty_link
from yanzhen.duty.models import DutyLink
from yanzhen.notify.models import Browser, SlackLink
from yanzhen.people.actions.members import deactivate_member, reactivate_member
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW, PASSWORD
from yanzhen.people.tests.told import kinds
from yanzhen.planning.actions.linking import make_link as make_plan_link
from yanzhen.planning.models import CalendarLink
from yanzhen.signin.tests.phone import Phone
from yanzhen.signin.views.factors import SECRET

NEW = "another-goose-leads-77"


def signed_in(member):
    browser = Client()
    browser.post("/sign-in/", {"email": member.user.email, "password": PASSWORD})
    browser.get("/team/")
    return browser


def pushed(browser, number):
    key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    form = {"endpoint": f"https://push.example.com/{number}", "p256dh": key}
    answer = browser.post("/me/telling/browsers/", {**form, "auth": "BTBZMqHH6r4Tts7J_aSIgg"})
    assert answer.status_code == 204, answer.text


@pytest.fixture
def ears(cast):
    """Zhou’s own browser, and all that somebody with their session could have left behind."""
    own, other = signed_in(cast.zhou), signed_in(cast.zhou)
    pushed(own, 1)
    pushed(other, 2)
    make_duty_link(shows="rota", by=cast.zhou, now=NOW)
    make_plan_link(shows="everything", account=None, titled=True, by=cast.zhou, now=NOW)
    SlackLink.objects.create(
        workspace=cast.workspace, member=cast.zhou, slack_user="U1", nonce="n", linked_at=NOW
    )
    pushed(signed_in(cast.lin), 3)
    return own


def left():
    return {
        "browsers": Browser.objects.count(),
        "duty": DutyLink.objects.open().count(),
        "plan": CalendarLink.objects.filter(revoked_at=None).count(),
        "slack": SlackLink.objects.standing().count(),
    }


@pytest.mark.parametrize(
    ("address", "form", "said"),
    [
        ("/me/sessions/end-others/", {}, "people.others_ended"),
        ("/me/password/", {"current": PASSWORD, "password": NEW}, "people.password_set"),
    ],
)
def test_others_out_leaves_no_ear_but_this_browser(cast, ears, address, form, said):
    assert left() == {"browsers": 3, "duty": 1, "plan": 1, "slack": 1}
    assert ears.post(address, form).status_code == 302
    assert left() == {"browsers": 2, "duty": 0, "plan": 0, "slack": 0}
    assert Browser.objects.filter(member=cast.zhou).count() == 1
    assert ears.get("/team/").status_code == 200
    assert said in kinds(cast.workspace)
    (told,) = mail.outbox
    assert (told.to, bool(form)) == ([cast.zhou.user.email], "password" in told.subject)
    assert "calendar links" in told.body


def _app(browser):
    """Set an authenticator app up."""
    browser.get("/me/second-factor/app/")
    phone = Phone(browser.session[SECRET])
    return browser.post("/me/second-factor/app/", {"code": phone.code()})


def test_first_factor_leaves_no_ear_but_this_browser(cast, ears):
    assert _app(ears).status_code == 302
    assert left() == {"browsers": 2, "duty": 0, "plan": 0, "slack": 0}
    assert Browser.objects.filter(member=cast.zhou).count() == 1
    assert UserSession.objects.filter(user=cast.zhou.user).count() == 1
    assert ears.get("/team/").status_code == 200


def test_reset_by_an_administrator_leaves_no_ear_at_all(cast, ears):
    admin = signed_in(cast.admin)
    answer = admin.post(f"/workspace/sign-in/{cast.zhou.pk}/reset/", follow=True)
    assert "link with Slack and calendar links have ended." in answer.text
    assert left() == {"browsers": 1, "duty": 0, "plan": 0, "slack": 0}
    assert not UserSession.objects.filter(user=cast.zhou.user).exists()
    assert ears.get("/team/").status_code == 302
    ended = events().objects.get(kind="notify.slack_unlinked")
    assert ended.actor_label == "Sam"
    (told,) = mail.outbox
    assert (told.to, "second step" in told.subject) == ([cast.zhou.user.email], True)


def test_whoever_leaves_takes_no_ear_along_nor_finds_one_on_coming_back(cast, ears):
    Browser.objects.update(signed_in=None)  # added before sign-ins were noted
    deactivate_member(cast.zhou, seen=0, by=cast.admin, now=NOW)
    assert left() == {"browsers": 1, "duty": 0, "plan": 0, "slack": 0}
    assert "notify.slack_unlinked" in kinds(cast.workspace)
    former = Member.objects.with_roles().get(pk=cast.zhou.pk)
    reactivate_member(former, seen=1, by=cast.admin, now=NOW)
    assert left() == {"browsers": 1, "duty": 0, "plan": 0, "slack": 0}


def test_one_session_that_ends_takes_its_browser_along(cast, ears):
    rows = ears.get("/me/sessions/").context["sessions"]
    (other,) = [row for row in rows if not row["here"]]
    assert ears.post(f"/me/sessions/{other['pk']}/end/").status_code == 302
    assert left()["browsers"] == 2
    assert left()["slack"] == 1
