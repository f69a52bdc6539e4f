"""Reading the environment: what is known, what is refused, and what follows from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from yanzhen.config.env import BadSetting, Env, read


def test_read_without_variables_gives_the_defaults():
    assert read({"PATH": "/bin", "HOME": "/root"}) == Env()


def test_read_converts_every_kind():
    env = read(
        {
            "YANZHEN_DATA": "/srv/yanzhen",
            "YANZHEN_GRACE_MINUTES": "30",
            "YANZHEN_DEBUG": "Yes",
            "YANZHEN_MAIL_FROM": "Desk <desk@example.com>",
        }
    )
    assert env.data == Path("/srv/yanzhen")
    assert env.grace_minutes == 30
    assert env.debug is True
    assert env.mail_from == "Desk <desk@example.com>"


@pytest.mark.parametrize("raw", ["0", "false", "NO", "off", ""])
def test_read_takes_every_way_to_say_no(raw):
    assert read({"YANZHEN_DEBUG": raw}).debug is False


def test_read_refuses_an_unknown_variable_and_names_the_known_ones():
    with pytest.raises(BadSetting, match=r"YANZHEN_DATABSE_URL is not a setting.*DATABASE_URL"):
        read({"YANZHEN_DATABSE_URL": "postgres://db/yanzhen"})


@pytest.mark.parametrize(
    ("key", "raw", "wanted"),
    [
        ("YANZHEN_GRACE_MINUTES", "soon", "a whole number"),
        ("YANZHEN_GRACE_MINUTES", "1.5", "a whole number"),
        ("YANZHEN_DEBUG", "maybe", "yes or no"),
        ("YANZHEN_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
    ],
)
def test_read_refuses_a_value_of_the_wrong_kind(key, raw, wanted):
    with pytest.raises(BadSetting) as refused:
        read({key: raw})
    assert str(refused.value) == f"{key} must be {wanted}, not {raw!r}."


def test_read_takes_a_value_from_a_file_without_its_line_end(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("  not-in-the-environment\n", encoding="utf-8")
    assert read({"YANZHEN_SECRET_KEY_FILE": str(secret)}).secret_key == "not-in-the-environment"


def test_read_refuses_a_file_that_is_not_there(tmp_path):
    gone = tmp_path / "gone"
    with pytest.raises(BadSetting, match="YANZHEN_SECRET_KEY_FILE names a file that cannot be"):
        read({"YANZHEN_SECRET_KEY_FILE": str(gone)})


def test_read_refuses_a_file_for_what_is_no_setting(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("x", encoding="utf-8")
    with pytest.raises(BadSetting, match="YANZHEN_NOBODY_FILE is not a setting"):
        read({"YANZHEN_NOBODY_FILE": str(secret)})


@pytest.mark.parametrize(
    ("base", "practice", "origin"),
    [
        ("https://api.x.com", False, "x.com"),
        ("https://api.x.com/", False, "x.com"),
        ("http://127.0.0.1:8400", True, "practice"),
        ("https://api.x.com.example.org", True, "practice"),
        ("https://example.org/api.x.com", True, "practice"),
    ],
)
def test_origin_is_practice_for_everything_but_the_real_x(base, practice, origin):
    env = read({"YANZHEN_X_API_BASE_URL": base})
    assert (env.practice, env.origin) == (practice, origin)


def test_origin_does_not_hang_on_the_port_of_the_fake_x():
    one, other = (read({"YANZHEN_X_API_BASE_URL": f"http://127.0.0.1:{p}"}) for p in (8400, 8401))
    assert one.origin == other.origin


def test_start_with_a_bad_setting_ends_with_one_sentence(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "yanzhen", "audit", "verify"],
        env={"YANZHEN_DATA": str(tmp_path), "YANZHEN_WEB_THREADS": "many"},
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 1
    assert ended.stderr == "yanzhen: YANZHEN_WEB_THREADS must be a whole number, not 'many'.\n"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"S3_BUCKET": "m", "S3_KEY_ID": "k"}, "YANZHEN_S3_KEY_SECRET is missing"),
        ({"S3_BUCKET": "m", "S3_KEY_SECRET": "s"}, "YANZHEN_S3_KEY_ID is missing"),
        ({"S3_ENDPOINT": "https://s3.example.com"}, "YANZHEN_S3_BUCKET is missing"),
        ({"S3_BUCKET": "m", "S3_ADDRESSING": "odd"}, "must be path, virtual or empty, not 'odd'"),
    ],
)
def test_read_wants_the_settings_of_a_bucket_together(given, sentence):
    with pytest.raises(BadSetting, match=sentence):
        read({f"YANZHEN_{name}": value for name, value in given.items()})
