import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from yanzhen.people.models import Member, User, Workspace
from yanzhen.people.tests.cast import make_user

GIVEN = {"name": "Ferrow", "zone": "Europe/Berlin", "admin_name": "Sam"}
GIVEN["admin_email"] = "Sam@Example.com"
pytestmark = pytest.mark.django_db


def create(**more):
    out = StringIO()
    call_command("create_workspace", stdout=out, **{**GIVEN, **more})
    return out.getvalue()


def test_create_workspace_prints_a_link_that_makes_the_administrator():
    (link,) = re.findall(r"http://\S+", create(link=True))
    path = "/" + link.split("/", 3)[3]
    client = Client()
    assert "Ferrow" in client.get(path).text
    form = {"name": "Sam", "password": "formation-at-dawn-7", "zone": "UTC", "language": "en"}
    assert client.post(path, form).status_code == 302
    member = Member.objects.with_roles().get(user__email="sam@example.com")
    assert member.primary_role.slug == "administrator"
    assert client.get("/workspace/").status_code == 200


def test_create_workspace_asks_on_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "formation-at-dawn-7")
    said = create()
    assert "formation" not in said
    assert User.objects.get().check_password("formation-at-dawn-7")


@pytest.mark.parametrize("answers", [["one-password", "another"], ["short", "short"]])
def test_create_workspace_leaves_nothing_after_a_bad_password(monkeypatch, answers):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    replies = iter(answers)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(replies))
    with pytest.raises(CommandError, match="Nothing was created"):
        create()
    assert not Workspace.objects.exists()


def test_create_workspace_takes_a_user_who_is_here_already():
    make_user("Sam")
    assert "sam@example.com is its administrator" in create(link=True)
    assert Member.objects.get().user == User.objects.get()


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Olympus"}, {"admin_email": "sam"}, {"name": " "}])
def test_create_workspace_says_what_to_change(wrong):
    with pytest.raises(CommandError):
        create(link=True, **wrong)
    assert not Workspace.objects.exists()


def test_create_workspace_twice_asks_for_another_slug():
    create(link=True)
    with pytest.raises(CommandError, match="--slug"):
        create(link=True)
    create(link=True, slug="second")


def test_create_workspace_named_in_chinese_gets_an_address():
    create(link=True, name="雁阵")
    assert Workspace.objects.get().slug == "workspace"
