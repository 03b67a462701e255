import io

import pytest
import zxingcpp
from PIL import Image

from voting.adapters import qr
from voting.adapters.pictures import NotAPicture, PictureRefused

TOKEN = "HTTPS://VOTE.EXAMPLE.CN/C/ABCDEFGHIJKLMNOPQRSTUVW234"


def decoded(content: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(content)))]


@pytest.mark.parametrize(
    "text",
    [TOKEN, TOKEN.lower(), "1234567890", "南站街道站南巷社区", "A" * 400, "http://127.0.0.1:8000/p/a?b=c%20d"],
    ids=["capitals", "small letters", "digits", "chinese", "long", "address"],
)  # fmt: skip
def test_a_code_says_exactly_what_was_given(text: str) -> None:
    assert decoded(qr.png(text, scale=4)) == [text]


def test_an_address_in_capitals_needs_a_smaller_code() -> None:
    assert len(qr.matrix(TOKEN, border=0)) == 29
    assert len(qr.matrix(TOKEN.lower(), border=0)) == 33


def test_every_module_has_the_wanted_pixels_and_a_light_border() -> None:
    image = Image.open(io.BytesIO(qr.png(TOKEN, scale=5))).convert("L")
    assert image.size == ((29 + 8) * 5, (29 + 8) * 5)
    assert set(image.crop((0, 0, image.width, 4 * 5)).tobytes()) == {255}


def test_codes_of_different_cards_differ() -> None:
    assert qr.png(TOKEN, scale=1) != qr.png(TOKEN[:-1] + "5", scale=1)


def test_a_text_too_long_for_any_code_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        qr.png("a" * 3000, scale=1)


def test_a_terminal_shows_a_code_that_can_be_read() -> None:
    lines = qr.terminal(TOKEN).splitlines()
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [bytes(halves[char][half] for char in line) for line in lines for half in (0, 1)]
    image = Image.frombytes("L", (len(lines[0]), len(rows)), b"".join(rows))
    larger = image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)
    assert [found.text for found in zxingcpp.read_barcodes(larger)] == [TOKEN]


def _photo(code, *, turned=0, noted=None):
    """A code on a sheet of paper, photographed."""
    sheet = Image.new("RGB", (1600, 1200), (248, 246, 240))
    sheet.paste(Image.open(io.BytesIO(code)).convert("RGB"), (420, 260))
    target = io.BytesIO()
    exif = Image.Exif()
    if noted:
        exif[0x0112] = noted
    sheet.rotate(turned, expand=True, fillcolor=(80, 70, 60)).save(target, "JPEG", exif=exif)
    return target.getvalue()


@pytest.mark.parametrize("turned", [0, 90, 180, 5], ids=str)
def test_a_photographed_code_is_read(turned):
    assert qr.read_codes(_photo(qr.png(TOKEN, scale=5), turned=turned)) == [TOKEN]


def test_a_camera_held_sideways_does_no_harm():
    assert qr.read_codes(_photo(qr.png(TOKEN, scale=5), noted=6)) == [TOKEN]


def test_a_picture_without_a_code_says_nothing():
    assert qr.read_codes(_photo(_white())) == []


def _white():
    target = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(b"%PDF-1.7", NotAPicture), (b"\xff\xd8\xff\xe0 half", PictureRefused)],
)
def test_what_is_no_picture_is_refused(content, refusal):
    with pytest.raises(refusal):
        qr.read_codes(content)
