from datetime import time

import pytest

from yanzhen.people.models import User
from yanzhen.people.tests.cast import join, make_user

FORM = {
    "name": "Zhou Yiran",
    "language": "zh-hans",
    "city": "Shanghai",
    "zone": "Asia/Shanghai",
    "day_start": "10:00",
    "day_end": "19:00",
    "workdays": ["1", "2", "6"],
}


def test_profile_saves_everything(cast, sign_in):
    client = sign_in(cast.zhou)
    assert client.post("/me/", FORM).status_code == 302
    user = User.objects.get(pk=cast.zhou.user_id)
    assert (user.name, user.language, user.city) == ("Zhou Yiran", "zh-hans", "Shanghai")
    assert (user.day_start, user.day_end, user.workdays) == (time(10), time(19), [1, 2, 6])
    assert user.single_keys is False
    assert 'data-keys="off"' in client.get("/me/").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("language", "tlh"),
        ("name", " "),
        ("name", "x" * 81),
        ("day_end", "10:00"),
        ("day_start", "25:00"),
        ("workdays", ["8"]),
    ],
)
def test_profile_refuses_what_makes_no_sense(cast, sign_in, field, value):
    answer = sign_in(cast.zhou).post("/me/", {**FORM, field: value})
    assert answer.status_code == 422
    assert User.objects.get(pk=cast.zhou.user_id).name == "Zhou"


def test_profile_refuses_nul_bytes(cast, sign_in):
    assert sign_in(cast.zhou).post("/me/", {**FORM, "name": "a\x00b"}).status_code == 400


def test_a_user_in_no_workspace_gets_along(cast, client):
    user = make_user("Ida")
    client.force_login(user)
    assert client.get("/team/").url == "/workspaces/"
    for path in ("/workspaces/", "/me/", "/me/password/", "/me/sessions/"):
        assert client.get(path).status_code == 200
    assert "no workspace yet" in client.get("/workspaces/").text


def test_workspaces_switches_between_ones_own_only(cast, client):
    user = make_user("Ida")
    join(cast.workspace, user, "creator")
    join(cast.wu.workspace, user, "creator")
    client.force_login(user)
    assert "Zhou" in client.get("/team/").text
    assert client.post("/workspaces/", {"workspace": cast.wu.workspace_id}).status_code == 302
    assert "Zhou" not in client.get("/team/").text
    client.force_login(cast.zhou.user)
    for bad in (cast.wu.workspace_id, 999_999, "x", "", "9" * 5000):
        assert client.post("/workspaces/", {"workspace": bad}).status_code == 404
