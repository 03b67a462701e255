import logging
import shutil
from pathlib import Path

import pytest
from defusedxml.ElementTree import parse

from tests.papers import embedded, fonts
from voting.adapters import fonts as module
from voting.adapters import pdf
from voting.adapters.fonts import FontSet, Role, find_fonts

FETCHED = (
    "FandolSong-Bold.otf", "FandolFang-Regular.otf", "FandolHei-Regular.otf",
    "FandolKai-Regular.otf", "FandolSong-Regular.otf", "NotoSerifCJK-Regular.ttc",
)  # fmt: skip


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    folder = tmp_path / "fetched"
    folder.mkdir()
    for name in FETCHED:
        (folder / name).touch()
    return folder


def owned(tmp_path: Path, *names: str) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    for name in names:
        (folder / name).touch()
    return folder


def test_fetched_typefaces_play_every_role(fetched: Path) -> None:
    found = find_fonts(None, fetched)
    assert found.missing == ()
    assert set(found.faces) == set(Role)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("方正小标宋简体.ttf", Role.TITLE),
        ("FZXBSJW.TTF", Role.TITLE),
        ("仿宋_GB2312.ttf", Role.BODY),
        ("simfang.ttf", Role.BODY),
        ("simhei.ttf", Role.HEADING),
        ("楷体_GB2312.ttf", Role.SUBHEADING),
        ("simsun.ttc", Role.FIGURES),
        ("宋体.ttf", Role.FIGURES),
    ],
)
def test_a_typeface_of_the_street_comes_first(
    tmp_path: Path, fetched: Path, name: str, role: Role
) -> None:
    own = owned(tmp_path, name)
    found = find_fonts(own, fetched)
    assert [role for role, path in found.faces.items() if path.parent == own] == [role]


def test_what_is_missing_is_named_as_an_office_names_it(tmp_path: Path) -> None:
    own = owned(tmp_path, "仿宋_GB2312.ttf")
    assert find_fonts(own, tmp_path / "nothing").missing == (
        "小标宋", "黑体", "楷体", "宋体", "生僻字备用字体",
    )  # fmt: skip


@pytest.mark.parametrize(("chinese", "level"), [(True, logging.WARNING), (False, logging.ERROR)])
def test_missing_typefaces_are_said_once(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    chinese: bool,
    level: int,
) -> None:
    module._report.cache_clear()
    monkeypatch.setattr(module, "_system_has_chinese", lambda: chinese)
    for _ in range(3):
        find_fonts(None, tmp_path)
    assert [record.levelno for record in caplog.records] == [level]
    assert "小标宋" in caplog.text


@pytest.mark.parametrize(("name", "found"), [("NotoSansCJK.ttc", True), ("DejaVuSans.ttf", False)])
def test_a_chinese_typeface_of_the_system_is_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, found: bool
) -> None:
    (tmp_path / name).touch()
    monkeypatch.setattr(module, "_SYSTEM_FOLDERS", (str(tmp_path), str(tmp_path / "none")))
    assert module._system_has_chinese.__wrapped__() is found


def test_a_complete_set_asks_no_typeface_of_the_system(fetched: Path, tmp_path: Path) -> None:
    complete = find_fonts(None, fetched).configuration()
    (fetched / FETCHED[0]).unlink()
    lacking = find_fonts(None, fetched).configuration()
    assert parse(complete).getroot().findall("include") == []
    assert len(parse(lacking).getroot().findall("include")) == 1


def test_the_configuration_follows_the_files(fetched: Path, tmp_path: Path) -> None:
    plain, again = (find_fonts(None, fetched).configuration() for _ in range(2))
    bought = find_fonts(owned(tmp_path, "simhei.ttf"), fetched).configuration()
    assert plain == again != bought
    assert (bought.parent / "faces" / "HEADING.ttf").resolve() == tmp_path / "own" / "simhei.ttf"


def test_a_folder_that_cannot_be_written_is_no_hindrance(fetched: Path) -> None:
    faces = find_fonts(None, fetched).faces
    nowhere = FontSet(faces=faces, wide=(), shelf=Path("/proc/nowhere"))
    assert nowhere.configuration().is_file()


def test_a_paper_is_printed_with_the_streets_own_typeface(tmp_path: Path) -> None:
    given = fonts()
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(given.faces[Role.SUBHEADING], own / "仿宋_GB2312.otf")
    bought = find_fonts(own, given.faces[Role.BODY].parent)
    html = "<link rel=stylesheet href='asset:official.css'><p>正文</p>"
    assert embedded(pdf.render(html, fonts=bought)) == {"FandolKai-Regular", "FandolSong-Regular"}


def test_without_any_typeface_the_words_are_still_in_the_paper(tmp_path: Path) -> None:
    bare = FontSet(faces={}, wide=(), shelf=tmp_path)
    html = "<html lang=zh-CN><link rel=stylesheet href='asset:official.css'><p>正文</p>"
    assert pdf.render(html, fonts=bare).startswith(b"%PDF-")
