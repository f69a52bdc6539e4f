"""Rules in files: nothing is lost on the way out and back, and nothing is run."""

import csv
import io

import pytest

from yanzhen.brand.files import FileRefused, read_csv, write_csv
from yanzhen.brand.rules import Language, Severity
from yanzhen.brand.tests.frame import rule
from yanzhen.demo.framework import RULES

HEAD = "kind,severity,language,title,phrases,most\n"


def lines(text):
    return read_csv(text.encode())


def test_what_was_written_is_read_back():
    odd = rule("never", "=cmd()", "+1", "-x", "@all", language=Language.CHINESE, why="'=quoted'")
    rules = [*RULES, odd]
    read = read_csv(write_csv(rules).encode())
    assert [line.errors for line in read if line.errors] == []
    assert [line.rule for line in read] == rules


def test_no_cell_begins_like_a_formula():
    risky = [rule("never", sign + "x", sign + "y", why=sign) for sign in "=+-@"]
    rows = list(csv.reader(io.StringIO(write_csv(risky).lstrip("\ufeff"))))
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t" and cell]


def test_every_line_is_judged_for_itself():
    text = HEAD + "never,error,en,Fine,unique | rare,\nnever,loud,fr,,,x\n\nlink,,,Links,,2\n"
    fine, bad, link = lines(text)
    assert (fine.number, fine.rule.phrases) == (2, ("unique", "rare"))
    assert (bad.number, bad.rule, len(bad.errors)) == (3, None, 3)
    assert (link.number, link.rule.most, link.rule.severity) == (5, 2, Severity.WARNING)


def test_a_line_that_would_lose_something_is_refused():
    (line,) = lines("kind,title,phrases,ratios\nnever,Words,unique,16:9\n")
    assert line.rule is None
    (line,) = lines("kind,title,phrases\nnever,Words\n")
    assert line.rule is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"title\nx\n",
        b"kind,title\n",
        b"kind,title,colour\nnever,x,red\n",
        b"kind,title,kind\nnever,x,y\n",
        b'kind,title\nnever,"x\n',
        "kind,title\nnever,Öl\n".encode("latin-1"),
        b"kind,title\nnever,a\x00b\n",
        b"x" * 1_000_001,
    ],
)
def test_a_file_that_is_none_is_refused_in_words(content):
    with pytest.raises(FileRefused, match=r"\w"):
        read_csv(content)


def test_a_file_of_another_spreadsheet_is_read():
    (line,) = read_csv("\ufeffkind;title;phrases\r\nnever;极限;最 | 第一\r\n".encode())
    assert line.rule.phrases == ("最", "第一")
