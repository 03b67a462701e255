import io
import struct

import pytest
from PIL import Image

from tests.factories.proposals import photograph
from voting.adapters.pictures import (
    LONGEST_SIDE,
    MOST_BYTES,
    BrokenPicture,
    HeicPicture,
    NotAPicture,
    PictureTooLarge,
    clean_picture,
    thumbnail_sheet,
)

GPS = 0x8825


def _read(content):
    return Image.open(io.BytesIO(content))


def _saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _is_near(colour, wanted):
    return all(abs(one - other) < 12 for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_becomes_a_jpeg_of_at_most_960(kind):
    picture = _read(clean_picture(photograph(size=(4000, 3000), kind=kind)))
    assert picture.format == "JPEG"
    assert picture.size == (LONGEST_SIDE, 720)


def test_a_small_picture_is_not_blown_up():
    assert _read(clean_picture(photograph(size=(200, 100)))).size == (200, 100)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"], ids=lambda mode: f"mode {mode}"
)
def test_every_kind_of_colour_is_understood(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert _read(clean_picture(_saved(Image.new(mode, (40, 30)), kind))).mode == "RGB"


def test_what_the_camera_noted_is_gone():
    exif = Image.Exif()
    exif[0x0110] = "Phone of 张建国"
    exif.get_ifd(GPS)[2] = (28.0, 39.0, 30.0)
    noted = photograph(exif=exif, comment=b"at home", xmp=b"<x:xmpmeta>place</x:xmpmeta>")
    assert _read(noted).getexif().get_ifd(GPS)
    cleaned = clean_picture(noted)
    picture = _read(cleaned)
    assert not picture.getexif()
    assert set(picture.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    for trace in (b"Exif", b"at home", b"xmpmeta", "张建国".encode()):
        assert trace not in cleaned


def test_the_cameras_orientation_is_applied():
    image = Image.new("RGB", (400, 200), "red")
    image.paste("blue", (200, 0, 400, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees
    picture = _read(clean_picture(_saved(image, "JPEG", exif=exif, quality=95)))
    assert picture.size == (200, 400)
    assert _is_near(picture.getpixel((100, 50)), (255, 0, 0))
    assert _is_near(picture.getpixel((100, 350)), (0, 0, 255))


def test_transparency_becomes_white():
    picture = _read(clean_picture(_saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")))
    assert _is_near(picture.getpixel((25, 25)), (255, 255, 255))


def test_a_moving_picture_keeps_its_first_frame():
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("green", "red", "blue")]
    moving = _saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert _is_near(_read(clean_picture(moving)).getpixel((30, 30)), (0, 128, 0))


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", bytes(1000), b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(NotAPicture):
        clean_picture(content)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO"])
def test_other_formats_are_refused(kind):
    with pytest.raises(NotAPicture):
        clean_picture(_saved(Image.new("RGB", (32, 32)), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_broke_off_is_refused(kind):
    whole = photograph(size=(400, 300), kind=kind)
    for length in (len(whole) // 3, len(whole) // 2):
        with pytest.raises((BrokenPicture, NotAPicture)):
            clean_picture(whole[:length])


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_heic_is_refused_with_the_way_to_send_it(brand):
    with pytest.raises(HeicPicture, match="兼容性最佳"):
        clean_picture(struct.pack(">I", 24) + b"ftyp" + brand + bytes(100))


def test_a_small_file_with_too_many_pixels_is_refused():
    for size in ((9000, 9000), (20000, 12000)):
        bomb = _saved(Image.new("1", size), "PNG")
        assert len(bomb) < 100_000
        with pytest.raises(PictureTooLarge):
            clean_picture(bomb)


def test_a_huge_file_is_refused_before_it_is_read():
    with pytest.raises(PictureTooLarge):
        clean_picture(bytes(MOST_BYTES + 1))


def test_all_thumbnails_fit_one_small_sheet():
    noisy = _saved(Image.effect_noise((800, 600), 120).convert("RGB"), "JPEG", quality=90)
    kinds = ["engineering", "equipment", "service"] * 13
    pictures = [noisy if number % 4 else None for number in range(39)]
    sheet = thumbnail_sheet(pictures, kinds=kinds)
    assert len(sheet) <= 22_000
    width, height = _read(sheet).size
    assert height == 39 * width * 3 // 4


def test_thumbnails_stand_in_the_order_of_the_list():
    pictures = [clean_picture(photograph(colour=colour)) for colour in ("red", "lime", "blue")]
    sheet = _read(thumbnail_sheet(pictures, side=64))
    assert sheet.size == (64, 144)
    middles = [sheet.getpixel((32, 24 + 48 * index)) for index in range(3)]
    for middle, wanted in zip(middles, [(255, 0, 0), (0, 255, 0), (0, 0, 255)], strict=True):
        assert _is_near(middle, wanted)


def test_a_candidate_without_picture_gets_a_drawing_of_its_kind():
    drawings = {
        kind: thumbnail_sheet([None], kinds=[kind])
        for kind in ("engineering", "equipment", "service", "")
    }
    assert len(set(drawings.values())) == 4
    assert all(low == high for low, high in _read(drawings[""]).getextrema())
    assert all(low < high for low, high in _read(drawings["service"]).getextrema())


def test_a_damaged_stored_picture_does_not_take_the_sheet_with_it():
    sheet = thumbnail_sheet([b"\xff\xd8\xffnothing", clean_picture(photograph())])
    assert _read(sheet).size == (64, 96)


def test_a_sheet_that_cannot_fit_gets_smaller_thumbnails():
    noisy = _saved(Image.effect_noise((64, 48), 255).convert("RGB"), "PNG")
    tight = thumbnail_sheet([noisy] * 39, most=4_000)
    assert len(tight) <= 4_000
    assert _read(tight).width < 64
