from pathlib import Path

import pytest

from tools.check_sizes import check_tree, find_banned


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("models.py", "from django.db.models.signals import post_save\n"),
        ("models.py", "@receiver(user_logged_in)\n"),
        ("page.html", '<button hx-on:click="go()">Go</button>'),
        ("page.html", "<script>go()</script>"),
        ("page.html", "<script type='module'>go()</script>"),
        ("page.html", "<style>p { margin: 0 }</style>"),
        ("page.html", '<p\n  class="lead" onclick="go()">'),
        ("page.html", '<p style="color: red">'),
        ("page.html", '<p style="--left: .3; color: red">'),
        ("page.html", "<p class='a' style='margin-left: {{ left }}'>"),
    ],
)
def test_find_banned_names_the_line(name, text):
    assert [line for line, _ in find_banned(Path(name), f"\n{text}")] == [2]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("actions.py", "def save(): ...\n# after a post is saved\n"),
        ("page.html", '<script type="module" src="{% static "built/app.js" %}"></script>'),
        ("page.html", '<script type="application/json" id="cast">{}</script>'),
        ("page.html", '<li style="--left: {{ left }}; --width:.2">'),
        ("page.html", '<li style="--left:{{ left }}{% if wide %};--width:.2;{% endif %}">'),
        ("page.html", '<li style="">'),
        ("page.html", '<p data-once="yes">one=1</p>'),
    ],
)
def test_find_banned_lets_the_rest_pass(name, text):
    assert list(find_banned(Path(name), text)) == []


@pytest.mark.parametrize(
    ("name", "lines", "faults", "warnings"),
    [
        ("views.py", 400, 0, 0),
        ("views.py", 401, 0, 1),
        ("views.py", 601, 1, 0),
        ("page.html", 251, 1, 0),
        ("page.css", 400, 0, 0),
        ("page.css", 401, 1, 0),
        ("migrations/0001_initial.py", 900, 0, 0),
    ],
)
def test_check_tree_counts_lines(tmp_path, name, lines, faults, warnings):
    path = tmp_path / "src" / "room" / name
    path.parent.mkdir(parents=True)
    path.write_text("\n" * lines)
    found = check_tree(tmp_path)
    assert (len(found[0]), len(found[1])) == (faults, warnings)
