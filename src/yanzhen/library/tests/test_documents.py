"""Documents: known by their bytes, never opened here, found by what they say, never posted."""

import io
import zipfile

import pytest
from django.urls import reverse

from yanzhen.library.actions.versions import add_version
from yanzhen.library.models import MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.tests import makers
from yanzhen.library.tests.makers import upload
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.attachments import clean_extras
from yanzhen.planning.content import BadContent

PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def open_xml(parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": "<Types/>", **parts}.items():
            archive.writestr(name, content)
    return made.getvalue()


def word(*paragraphs, **more):
    body = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    return open_xml({"word/document.xml": f"<w:document>{body}</w:document>", **more})


def slides(*texts):
    parts = {
        f"ppt/slides/slide{number}.xml": f"<p:sld><a:p><a:t>{text}</a:t></a:p></p:sld>"
        for number, text in enumerate(texts, 1)
    }
    return open_xml({"ppt/presentation.xml": "<p:presentation/>", **parts})


def kept(member, data, name):
    return upload(member, data, name, documents=True)


@pytest.fixture
def zhou(cast, client):
    client.force_login(cast.zhou.user)
    return client


@pytest.mark.parametrize(
    ("data", "mime", "said"),
    [
        (PDF, "application/pdf", ""),
        (word("Night &amp; day", "夜班车"), "wordprocessingml.document", "Night & day\n夜班车\n"),
        (slides("One", "Two"), "presentationml.presentation", "One\n\nTwo\n"),
        ("BMW 与夜班车".encode("utf-8-sig"), "text/plain", "BMW 与夜班车"),
    ],
    ids=["pdf", "docx", "pptx", "txt"],
)
def test_a_document_is_known_by_its_bytes_and_saved_never_shown(cast, zhou, data, mime, said):
    media = kept(cast.zhou, data, "brief")
    name = media.name
    assert (media.kind, media.width, media.said) == ("document", 0, said)
    assert media.mime.endswith(mime)
    answer = zhou.get(reverse("media-file", args=[media.pk]))
    assert answer.getvalue() == data
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert zhou.get(reverse("media", args=[media.pk])).status_code == 200
    assert zhou.get(reverse("media-thumbnail", args=[media.pk])).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (PDF[:-7], "a.pdf", Refusal.TRUNCATED),
        (PDF, "a.docx", Refusal.WRONG_NAME),
        (word("x", **{"word/vbaProject.bin": "x"}), "a.docx", Refusal.MACROS),
        (word("x")[:-30], "a.docx", Refusal.UNKNOWN_TYPE),
        (open_xml({"x.exe": "MZ"}), "a.docx", Refusal.UNKNOWN_TYPE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "a.doc", Refusal.UNKNOWN_TYPE),
        (b"a" * 5000 + b"\xff", "a.txt", Refusal.NOT_UTF8),
        (b"alert(1)", "a.js", Refusal.WRONG_NAME),
        (b"<html><script>", "a.txt", Refusal.UNKNOWN_TYPE),
    ],
)
def test_what_is_no_honest_document_is_refused(cast, store, data, name, code):
    with pytest.raises(MediaRefused) as refused:
        kept(cast.zhou, data, name)
    assert refused.value.code is code
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_a_document_is_found_by_its_words_and_lacks_no_alt_text(cast, zhou):
    media = kept(cast.zhou, word("The night train to 敦煌"), "brief.docx")
    kept(cast.zhou, PDF, "other.pdf")
    page = zhou.get("/library/", {"q": "敦煌 NIGHT"})
    assert [tile.media for tile in page.context["tiles"]] == [media]
    text = page.content.decode()
    assert "Word · " in text
    assert "No alt text" not in text
    assert [tile.media for tile in zhou.get("/library/?shelf=no-alt").context["tiles"]] == []
    listed = zhou.get("/library/?shelf=document")
    assert len(listed.context["tiles"]) == 2


def test_a_document_comes_in_by_the_library_and_stays_off_posts(cast, zhou):
    file = io.BytesIO(PDF)
    file.name = "brief.pdf"
    answer = zhou.post("/library/upload/", {"file": file}, headers={"Accept": "application/json"})
    assert answer.json()["line"].startswith("PDF · ")
    media = MediaFile.objects.get()
    use = [{"media": [{"media": media.pk, "sha256": media.sha256}]}]
    with pytest.raises(BadContent, match="not for posts"):
        clean_extras(["Look"], use, cast.workspace.pk)
    with pytest.raises(MediaRefused) as refused:
        upload(cast.zhou, word("x"), "x.docx")
    assert refused.value.code is Refusal.DOCUMENT


def test_a_document_has_documents_as_versions(cast, zhou):
    media = kept(cast.zhou, PDF, "brief.pdf")
    picture = upload(cast.zhou, makers.image("PNG"), "geese.png")

    def newer(asset, data, name):
        return add_version(asset, member=cast.lin, file=io.BytesIO(data), name=name, now=NOW)

    for asset, data, name in (
        (media.asset, makers.image("JPEG"), "a.jpg"),
        (picture.asset, word("x"), "a.docx"),
    ):
        with pytest.raises(MediaRefused) as refused:
            newer(asset, data, name)
        assert refused.value.code is Refusal.OTHER_KIND
    assert MediaFile.objects.count() == 2
