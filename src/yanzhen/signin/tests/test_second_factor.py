import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from yanzhen.kernel import clock
from yanzhen.people.actions.delegations import delegate
from yanzhen.people.actions.demanding import demand_second_factor
from yanzhen.people.models import Role
from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import NOW, PASSWORD, join
from yanzhen.people.tests.told import kinds
from yanzhen.signin.actions.factors import Elsewhere, WrongCode, reset_factors, use_code
from yanzhen.signin.fresh import FRESH_FOR
from yanzhen.signin.queries import must_keep_factor
from yanzhen.signin.tests.phone import Phone
from yanzhen.signin.totp import matching_counter
from yanzhen.signin.views.factors import SHOWN_CODES


def secret_on(page):
    found = re.search(r'codes__one">([A-Z2-7 ]+)<', page.text)
    return found[1].replace(" ", "")


def demand(cast, *slugs, everybody=False):
    cast.workspace.refresh_from_db()
    roles = list(Role.objects.filter(workspace=cast.workspace, slug__in=slugs))
    demand_second_factor(
        cast.workspace,
        everybody=everybody,
        roles=roles,
        seen=cast.workspace.revision,
        by=cast.admin,
        now=NOW,
    )


def test_codes_are_those_of_rfc_6238():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    moment = clock.now().fromtimestamp(59, tz=clock.now().tzinfo)
    assert matching_counter(secret, "287082", now=moment) == 1
    assert matching_counter(secret, "287083", now=moment) is None
    later = clock.now().fromtimestamp(1111111109, tz=clock.now().tzinfo)
    assert matching_counter(secret, "081804", now=later) == 37037036


def test_set_up_app_shows_codes_once_and_is_asked_for_at_the_next_sign_in(cast, enter, client):
    assert enter(cast.zhou).url == "/"
    other = Client()
    other.force_login(cast.zhou.user)
    assert other.get("/team/").status_code == 200
    page = client.get("/me/second-factor/app/")
    phone = Phone(secret_on(page))
    assert "<svg" in page.text
    assert client.post("/me/second-factor/app/", {"code": "000000"}).status_code == 422
    assert client.get("/me/second-factor/app/").text.count(secret_on(page)[:4]), "the same secret"
    answer = client.post("/me/second-factor/app/", {"code": phone.code()})
    assert answer.url == "/me/second-factor/codes/"
    assert other.get("/team/").status_code == 302, "a session by password alone is over"
    page = client.get(answer.url).text.partition("<textarea")[2].partition("</textarea>")[0]
    shown = re.findall(r"\b\d{10}\b", page.replace("&#10;", " "))
    assert len(shown) == 10
    assert client.get("/me/second-factor/codes.txt").text.split("\n")[2:12] == shown
    assert client.post(answer.url).url == "/me/second-factor/"
    assert client.get(answer.url).url == "/me/second-factor/"
    assert client.get("/me/second-factor/codes.txt").status_code == 404
    client.post("/sign-out/")

    assert enter(cast.zhou, next="/team/").url == "/sign-in/second/"
    assert client.get("/team/").status_code == 302, "not in yet"
    used = client.post("/sign-in/second/", {"code": phone.code()})
    assert used.status_code == 422
    assert client.post("/sign-in/second/", {"code": phone.code(1)}).url == "/team/"
    assert client.get("/team/").status_code == 200
    assert kinds(cast.workspace)[-1] == "signin.app_added"
    client.post("/sign-out/")
    enter(cast.zhou)
    assert client.post("/sign-in/second/", {"code": shown[3]}).url == "/"
    assert kinds(cast.workspace)[-1] == "signin.code_used"
    client.post("/sign-out/")
    enter(cast.zhou)
    assert client.post("/sign-in/second/", {"code": shown[3]}).status_code == 422


def test_codes_nobody_said_they_kept_are_not_read_later(cast, enter, client):
    enter(cast.zhou)
    phone = Phone(secret_on(client.get("/me/second-factor/app/")))
    client.post("/me/second-factor/app/", {"code": phone.code()})
    assert client.get("/me/second-factor/codes/").status_code == 200
    session = client.session
    session[SHOWN_CODES] -= FRESH_FOR.total_seconds() + 1
    session.save()
    assert client.get("/me/second-factor/codes/").url == "/me/second-factor/"
    assert client.get("/me/second-factor/codes.txt").status_code == 404


def test_nothing_that_opens_a_factor_lies_in_the_database_as_it_is(cast, phone):
    made = phone(cast.zhou)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert made.secret not in kept
    assert not [code for code in codes if code in kept]


def test_code_is_good_once_and_never_an_older_one(cast, phone):
    made = phone(cast.zhou)
    use_code(cast.zhou.user, code=made.code(), now=clock.now())
    for steps in (0, -1):
        with pytest.raises(WrongCode):
            use_code(cast.zhou.user, code=made.code(steps), now=clock.now())
    use_code(cast.zhou.user, code=made.code(1), now=clock.now())


def test_second_step_is_limited_and_says_how_long(cast, enter, client, phone):
    made = phone(cast.zhou)
    enter(cast.zhou)
    answers = [client.post("/sign-in/second/", {"code": "123456"}).status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]
    late = client.post("/sign-in/second/", {"code": made.code()})
    assert late.status_code == 429
    assert "Wait 5 minutes" in late.text
    other = Client()
    other.post("/sign-in/", {"email": cast.zhou.user.email, "password": PASSWORD})
    assert other.post("/sign-in/second/", {"code": made.code()}).status_code == 429
    assert client.get("/team/").status_code == 302


def test_answer_nested_without_end_is_no_passkey(cast, enter, client, phone, stale):
    deep = "[" * 200_000
    assert client.post("/sign-in/passkey/", {"credential": deep}).url == "/sign-in/"
    made = phone(cast.zhou)
    enter(cast.zhou)
    assert client.post("/sign-in/second/", {"credential": deep}).status_code == 422
    client.post("/sign-in/second/", {"code": made.code()})
    client.get("/team/")
    stale()
    proof = client.post("/me/second-factor/app/", {"proof_passkey": deep})
    assert (proof.status_code, "did not work" in proof.text) == (403, True)


def test_session_before_the_sign_in_is_not_the_session_after_it(cast, client, phone):
    made = phone(cast.zhou)
    client.get("/sign-in/passkey/")
    planted = client.session.session_key
    client.post("/sign-in/", {"email": cast.zhou.user.email, "password": PASSWORD})
    assert client.post("/sign-in/second/", {"code": made.code()}).status_code == 302
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["yanzhen_session"] = planted
    assert thief.get("/team/").status_code == 302


def test_second_step_remembers_no_browser(cast, enter, client, phone):
    made = phone(cast.zhou)
    enter(cast.zhou)
    client.post("/sign-in/second/", {"code": made.code()})
    client.post("/sign-out/")
    assert enter(cast.zhou).url == "/sign-in/second/"


def test_role_that_asks_for_a_second_step_lets_nobody_past_the_set_up(cast, enter, client):
    demand(cast, "creator")
    assert enter(cast.zhou, next="/team/").url == "/team/"
    for address in ("/", "/team/", "/posts/", "/me/", "/workspaces/"):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith("/me/second-factor/?next=")
    assert client.post("/posts/new/", {}).url == "/me/second-factor/"
    page = client.get("/me/second-factor/?next=/team/")
    assert "Set up your second step" in page.text
    phone = Phone(secret_on(client.get("/me/second-factor/app/")))
    assert client.post("/me/second-factor/app/", {"code": phone.code()}).status_code == 302
    assert client.post("/me/second-factor/codes/").url == "/team/"
    assert client.get("/team/").status_code == 200
    row = Authenticator.objects.get(user=cast.zhou.user, type="totp")
    client.post(f"/me/second-factor/{row.pk}/remove/")
    assert Authenticator.objects.filter(pk=row.pk).exists(), "the last one stays"


def test_rule_counts_at_the_next_click_and_for_no_other_role(cast, enter, client):
    enter(cast.zhou)
    demand(cast, "strategist")
    assert client.get("/team/").status_code == 200
    demand(cast, everybody=True)
    assert client.get("/team/").url.startswith("/me/second-factor/")
    demand(cast)
    assert client.get("/team/").status_code == 200


def test_right_lent_by_a_role_that_asks_for_a_second_step_asks_too(cast, enter, client):
    demand(cast, "team_lead")
    enter(cast.zhou)
    assert client.get("/team/").status_code == 200
    at = clock.now()
    lent = delegate(
        cast.lin,
        receiver=cast.zhou,
        decisions=[Decision.POST_HOLD],
        starts_at=at + timedelta(hours=1),
        ends_at=at + timedelta(hours=3),
        by=cast.admin,
        now=at,
    )
    assert client.get("/team/").status_code == 200, "not yet"
    with clock.set_to(at + timedelta(hours=2)):
        assert client.get("/team/").url.startswith("/me/second-factor/?next=")
        assert must_keep_factor(cast.zhou.user)
    with clock.set_to(at + timedelta(hours=4)):
        assert client.get("/team/").status_code == 200, "over"
    demand(cast, "strategist")
    with clock.set_to(at + timedelta(hours=2)):
        assert client.get("/team/").status_code == 200, "the giver's role asks for none"
    assert lent.ended_at is None


def test_pages_cost_no_question_more_once_a_factor_is_known(
    cast, enter, client, phone, django_assert_max_num_queries
):
    made = phone(cast.zhou)
    enter(cast.zhou)
    client.post("/sign-in/second/", {"code": made.code()})
    client.get("/team/roles/")
    with django_assert_max_num_queries(100) as before:
        client.get("/team/roles/")
    demand(cast, everybody=True)
    client.get("/team/roles/")
    with django_assert_max_num_queries(100) as after:
        client.get("/team/roles/")
    assert len(after) == len(before)


def test_rules_page_saves_and_says_who_is_missing(cast, enter, client, phone):
    phone(cast.maya)
    enter(cast.admin)
    creator = Role.objects.get(workspace=cast.workspace, slug="creator")
    page = client.get("/workspace/sign-in/")
    assert "Password only" in page.text
    theirs = Role.objects.get(workspace=cast.wu.workspace, slug="creator")
    seen = {"seen": cast.workspace.revision}
    assert client.post("/workspace/sign-in/", {"roles": [theirs.pk], **seen}).status_code == 422
    assert client.post("/workspace/sign-in/", {"roles": [creator.pk], **seen}).status_code == 302
    assert client.post("/workspace/sign-in/", {"roles": [creator.pk], **seen}).status_code == 409
    assert "Missing" in client.get("/workspace/sign-in/").text
    assert kinds(cast.workspace)[-1] == "people.second_factor_asked"


def test_reset_takes_lost_factors_and_ends_sessions(cast, enter, client, phone):
    phone(cast.zhou)
    theirs = Client()
    theirs.force_login(cast.zhou.user)
    assert theirs.get("/team/").status_code == 200
    enter(cast.admin)
    assert client.post(f"/workspace/sign-in/{cast.wu.pk}/reset/").status_code == 404
    assert client.post(f"/workspace/sign-in/{cast.zhou.pk}/reset/").status_code == 302
    assert not Authenticator.objects.filter(user=cast.zhou.user).exists()
    assert theirs.get("/team/").status_code == 302
    assert kinds(cast.workspace)[-1] == "signin.factors_reset"


def test_reset_leaves_alone_whom_another_workspace_relies_on(cast, phone):
    join(cast.wu.workspace, cast.zhou.user, "creator")
    phone(cast.zhou)
    with pytest.raises(Elsewhere):
        reset_factors(cast.zhou, by=cast.admin, now=NOW)


def test_command_resets_who_is_locked_out_and_the_log_says_so(cast, phone, capsys):
    phone(cast.admin)
    call_command("reset_second_factor", "Sam@Example.com")
    assert not Authenticator.objects.filter(user=cast.admin.user).exists()
    assert kinds(cast.workspace)[-1] == "signin.factors_reset"
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("reset_second_factor", "nobody@example.com")
