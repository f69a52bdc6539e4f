import io
from datetime import date, datetime, time

import pytest
import xlsxwriter

from yanzhen.planning.importing.readers import FileRefused, read_sheet

PLAN = "account,text\r\n@ferrow,降噪耳机今天上市，欢迎来听\r\n@ferrow,Grüße\r\n"


def cells(content):
    return [line.cells for line in read_sheet(content).lines]


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-be", "UTF-16")],
)
def test_read_sheet_reads_every_unicode_encoding(codec, name):
    sheet = read_sheet(PLAN.encode(codec))
    assert sheet.read_as == name
    assert sheet.lines[0].cells == ["account", "text"]
    assert sheet.lines[1].cells[1] == "降噪耳机今天上市，欢迎来听"


def test_read_sheet_reads_what_excel_saves_in_china():
    sheet = read_sheet("账号,正文\r\n@ferrow,降噪耳机今天上市，欢迎来听。\r\n".encode("gbk"))
    assert sheet.read_as == "GB18030"
    assert sheet.lines[1].cells[1] == "降噪耳机今天上市，欢迎来听。"


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "shift_jis"])
def test_read_sheet_refuses_an_encoding_it_cannot_tell(codec):
    text = "account,text\r\n@a,{}\r\n".format(
        "今日のお知らせ" if codec == "shift_jis" else "Grüße café"
    )
    with pytest.raises(FileRefused, match="CSV UTF-8"):
        read_sheet(text.encode(codec))


def test_read_sheet_refuses_broken_utf16():
    with pytest.raises(FileRefused, match="UTF-16"):
        read_sheet("account,text\r\n@a,b".encode("utf-16") + b"\x00")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_read_sheet_finds_the_delimiter(delimiter):
    assert cells(f"account{delimiter}text\n@a{delimiter}b\n".encode()) == [
        ["account", "text"],
        ["@a", "b"],
    ]


def test_read_sheet_takes_excels_own_delimiter_line():
    sheet = read_sheet(b"sep=;\r\naccount;text\r\n@a;b,c\r\n")
    assert [line.cells for line in sheet.lines] == [["account", "text"], ["@a", "b,c"]]
    assert sheet.lines[1].number == 3


def test_read_sheet_counts_lines_as_an_editor_does():
    sheet = read_sheet(b'account,text\n@a,"one\ntwo"\n\n@a,three\n')
    assert [line.number for line in sheet.lines] == [1, 2, 5]
    assert sheet.lines[1].cells[1] == "one\ntwo"


def test_read_sheet_names_the_row_with_an_open_quote():
    with pytest.raises(FileRefused, match="begins in line 3"):
        read_sheet(b'account,text\n@a,fine\n@a,"open\n@a,b\n')


@pytest.mark.parametrize("content", [b"", b"\n\n", b"   \n", b"\xef\xbb\xbf"])
def test_read_sheet_refuses_an_empty_file(content):
    with pytest.raises(FileRefused, match="empty"):
        read_sheet(content)


def test_read_sheet_refuses_what_is_too_large():
    with pytest.raises(FileRefused, match="2 MB"):
        read_sheet(b"a" * (2 * 1024 * 1024 + 1))
    with pytest.raises(FileRefused, match="5000 rows"):
        read_sheet(b"account,text\n" + b"a,b\n" * 5001)


def test_read_sheet_reads_excel_dates_times_and_numbers_as_people_type_them():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["date", "time", "text", "moment"])
        sheet.write_datetime(1, 0, date(2026, 6, 10), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_datetime(1, 1, time(17, 5), book.add_format({"num_format": "hh:mm"}))
        sheet.write_number(1, 2, 42)
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(1, 3, datetime.fromisoformat("2026-06-10T09:30"), moment)
    sheet = read_sheet(out.getvalue())
    assert sheet.read_as == "XLSX"
    assert sheet.lines[1].cells == ["2026-06-10", "17:05", "42", "2026-06-10 09:30"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"PK\x03\x04 not a zip", "Excel"), (b"\xd0\xcf\x11\xe0 old", "old Excel")],
)
def test_read_sheet_refuses_a_broken_or_old_excel_file(content, words):
    with pytest.raises(FileRefused, match=words):
        read_sheet(content)
