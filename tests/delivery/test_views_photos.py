"""Photographs and words about a project, and what is wrong with what was sent."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from tests.factories.proposals import photograph
from tests.uploading import submit_file
from tests.visiting import read, submit, visit
from voting.delivery.models import ProjectPhoto

PHOTO = {"stage": "before", "caption": "没有扶手的楼道", "taken_on": ""}
ENTRY = {"day": "2026-11-23", "words": "今天开始打孔。"}


def _send(desk, path, **given):
    page = visit(desk.client, f"{desk.url}/{path}")
    return submit(desk.client, page, page.url, **given)


def _send_file(desk, path, field, content, name, **given):
    page = visit(desk.client, f"{desk.url}/{path}")
    return submit_file(desk.client, page, field, content, name, **given)


def _count(database, kind):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind))


def test_a_photograph_is_stored_clean_and_removed(desk, database):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (28.0, 40.0, 12.0)}
    file = (io.BytesIO(photograph(exif=exif)), "楼道.jpg")
    assert _send(desk, "photos", **PHOTO, picture=file).status_code == 303
    page = visit(desk.client, f"{desk.url}/photos")
    assert "没有扶手的楼道" in page.text
    source = next(img.get("src") for img in page.all("img") if "/pictures/" in img.get("src", ""))
    stored = Image.open(io.BytesIO(desk.client.get(source).data))
    assert not stored.getexif()
    with database.reading() as session:
        photo = session.scalars(select(ProjectPhoto)).one()
    remove = f"photos/{photo.id}/remove"
    asked = visit(desk.client, f"{desk.url}/{remove}")
    assert "去掉这张照片？" in asked.text
    assert submit(desk.client, asked, asked.url).status_code == 303
    assert "没有扶手的楼道" not in visit(desk.client, f"{desk.url}/photos").text
    assert desk.client.get(f"{desk.url}/{remove}").status_code == 404


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "请选择一张照片。"),
        (b"hello", "这个文件不是照片"),
        (b"%PDF-1.7", "这个文件不是照片"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (photograph()[:3000], "打不开"),
        (b"\xff\xd8\xff" + bytes(15 * 1024 * 1024), "15 MB"),
    ],
)
def test_what_is_no_photograph_is_refused(desk, database, file, sentence):
    name = "p.jpg" if file else ""
    response = _send_file(desk, "photos", "picture", file, name, **PHOTO)
    assert sentence in read(response, status=422).text
    assert _count(database, ProjectPhoto) == 0


@pytest.mark.parametrize(
    ("path", "given", "sentence"),
    [
        ("photos", {"caption": ""}, "请写一句说明"),
        ("photos", {"caption": "长" * 41}, "最多 40 个字。"),
        ("photos", {"stage": "later"}, "有几处需要改一下"),
        ("photos", {"stage": None}, "请选择什么时候拍的。"),
        ("photos", {"taken_on": "2026-11-24"}, "日期不能晚于今天"),
        ("progress", {"words": ""}, "请写一两句进展。"),
        ("progress", {"words": "长" * 501}, "最多 500 个字。"),
        ("progress", {"day": "2026-11-24"}, "日期不能晚于今天"),
        ("progress", {"day": ""}, "请填日期。"),
    ],
)
def test_wrong_words_are_named(desk, path, given, sentence):
    good = {**PHOTO, "picture": (io.BytesIO(photograph()), "p.jpg")} if path == "photos" else ENTRY
    assert sentence in read(_send(desk, path, **(good | given)), status=422).text
