import io
import zlib

import pytest
from PIL import Image

from tests.factories.proposals import photograph
from voting.adapters.attachments import (
    ActiveAttachment,
    AttachmentTooLarge,
    BrokenAttachment,
    LockedAttachment,
    NotAnAttachment,
    PhotographRefused,
    clean_attachment,
    tidy_name,
)


def _pdf(inside=b"", packed=b""):
    """Return a small PDF; ``inside`` stands among its objects, ``packed`` in an object stream."""
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b">>\nendobj\n"
    if packed:
        stream = zlib.compress(packed)
        body += b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n"
        body += stream + b"\nendstream\nendobj\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n"
    return body + table + str(len(body)).encode() + b"\n%%EOF\n"


def test_a_pdf_is_kept_as_it_came():
    kept = clean_attachment(_pdf())
    assert (kept.content, kept.suffix) == (_pdf(), "pdf")


def test_a_photograph_is_made_anew_without_its_place():
    exif = Image.Exif()
    exif[0x0110] = "telephone"
    kept = clean_attachment(photograph(size=(3000, 2000), exif=exif))
    image = Image.open(io.BytesIO(kept.content))
    assert (kept.suffix, image.size, dict(image.getexif())) == ("jpg", (2000, 1333), {})


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NotAnAttachment),
        (b"PK\x03\x04 a Word file", NotAnAttachment),
        (b"%PDF-1.7\nhalf of it", BrokenAttachment),
        (_pdf()[:-20] + b"startxref\n99999\n%%EOF", BrokenAttachment),
        (_pdf(b"/Encrypt 5 0 R "), LockedAttachment),
        (_pdf(b"/OpenAction << /S /JavaScript /JS (x) >> "), ActiveAttachment),
        (_pdf(b"/OpenAction << /S /J#61vaScript >> "), ActiveAttachment),
        (_pdf(b"/A << /S /Launch >> "), ActiveAttachment),
        (_pdf(packed=b"<< /Names << /EmbeddedFiles 7 0 R >> >>"), ActiveAttachment),
        (b"\x00\x00\x00\x18ftypheic" + bytes(20), PhotographRefused),
        (photograph()[:2000], PhotographRefused),
        (b"%PDF-" + bytes(15 * 1024 * 1024), AttachmentTooLarge),
    ],
    ids=[
        "nothing", "another kind", "half a PDF", "no table", "password", "script", "escaped script",
        "launch", "packed files", "HEIC", "half a photograph", "huge",
    ],
)  # fmt: skip
def test_what_cannot_be_attached_is_refused_at_its_field(content, refusal):
    with pytest.raises(refusal) as refused:
        clean_attachment(content)
    assert (refused.value.field, refused.value.status) == ("file", 422)


def test_an_iphones_picture_is_refused_with_how_to_send_it():
    with pytest.raises(PhotographRefused, match="兼容性最佳"):
        clean_attachment(b"\x00\x00\x00\x18ftypheic" + bytes(20))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("会议纪要.PDF", "会议纪要.pdf"),
        ("C:\\桌面\\纪要.jpeg", "纪要.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("\u202e纪\x00要.pdf", "纪要.pdf"),
        ("", "附件.pdf"),
        (".pdf", "附件.pdf"),
        ("长" * 90 + ".pdf", "长" * 60 + ".pdf"),
    ],
)
def test_a_file_keeps_a_short_name(given, kept):
    assert tidy_name(given, "pdf") == kept
