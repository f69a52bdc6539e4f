import pytest

from tools.check_imports import check_tree

LOCK = "# a note\ndjango==5.2.19 \\\n    --hash=sha256:00\npsycopg[binary]==3.3.9 ; x\n"
EXTRA = "python3-saml==1.16.0\n"
OWNERS = {"django": ["Django"], "psycopg": ["psycopg"], "babel": ["babel"]}
OWNERS["onelogin"] = ["python3-saml"]


@pytest.mark.parametrize(
    ("name", "line", "faults"),
    [
        ("views.py", "import os, django.db", 0),
        ("views.py", "from psycopg import sql", 0),
        ("views.py", "from room.models import Post", 0),
        ("views.py", "from . import models", 0),
        ("views.py", "def late():\n    from babel.dates import format_date", 1),
        ("views.py", "def late():\n    from onelogin import saml2", 0),
        ("views.py", "from onelogin import saml2", 1),
        ("views.py", "import nowhere", 1),
        ("tests/test_views.py", "import babel", 0),
    ],
)
def test_check_tree_names_imports_that_only_development_has(tmp_path, name, line, faults):
    path = tmp_path / "src" / "room" / name
    path.parent.mkdir(parents=True)
    path.write_text(line)
    (tmp_path / "requirements.lock").write_text(LOCK)
    (tmp_path / "requirements-saml.lock").write_text(EXTRA)
    assert len(check_tree(tmp_path, OWNERS)) == faults
