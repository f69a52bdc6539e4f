import pytest

from tools.check_noqa_reasons import find_unexplained


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: E501",
        "# noqa: E501 -- url",
        "# noqa -- the address is long",
        "# type: ignore",
        "# type: ignore[misc]",
        "# type: ignore -- stubs lag behind",
        "# ruff: noqa",
        "# pragma: no cover",
    ],
)
def test_find_unexplained_names_line_and_comment(comment):
    assert list(find_unexplained(f"\nx = 1  {comment}\n")) == [(2, comment)]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: E501 -- the address is one word",
        "x = 1  # noqa: E501, S608 -- names are literals",
        "x = 1  # type: ignore[misc] -- stubs lag behind",
        "x = 1  # type: ignore[attr-defined]  # stubs lag behind",
        "x = 1  # pragma: no cover -- needs a second machine",
        "x = '# noqa'",
    ],
)
def test_find_unexplained_lets_reasons_and_strings_pass(line):
    assert list(find_unexplained(f"{line}\n")) == []
