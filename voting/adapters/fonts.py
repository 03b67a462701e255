"""Finds the typefaces of the printed papers: the street's own first, then those of scripts/fonts.sh.

A paper asks for a role ("Paper Title"), never for a typeface. Which file plays the role is written into a
fontconfig file of our own, so that a complete set never mixes with whatever the machine has installed.
"""

import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import get_ident
from xml.sax.saxutils import escape

log = logging.getLogger(__name__)


class Role(StrEnum):
    """What a typeface is used for; the value is the family name in ``static/css/print``."""

    TITLE = "Paper Title"
    BODY = "Paper Body"
    HEADING = "Paper Heading"
    SUBHEADING = "Paper Subheading"
    FIGURES = "Paper Figures"


ROLE_NAMES: Mapping[Role, str] = {
    Role.TITLE: "小标宋",
    Role.BODY: "仿宋",
    Role.HEADING: "黑体",
    Role.SUBHEADING: "楷体",
    Role.FIGURES: "宋体",
}

# File names under which offices keep the typefaces they have bought, Founder's and Microsoft's.
_OWN = {
    Role.TITLE: r"小标宋|xiaobiaosong|fzxbs",
    Role.BODY: r"仿宋|fangsong|simfang|fzfs|fs_gb2312",
    Role.HEADING: r"黑体|heiti|simhei|fzht",
    Role.SUBHEADING: r"楷体|kaiti|simkai|fzkt|kt_gb2312",
    Role.FIGURES: r"(?<!小标)(?<!仿)宋体|(?<!biao)songti|simsun(?!b)|fzss",
}
_FANDOL = {
    Role.TITLE: "FandolSong-Bold.otf",
    Role.BODY: "FandolFang-Regular.otf",
    Role.HEADING: "FandolHei-Regular.otf",
    Role.SUBHEADING: "FandolKai-Regular.otf",
    Role.FIGURES: "FandolSong-Regular.otf",
}
# Their digits are those of a sans serif; without them the next family of the list is asked for digits.
_POOR_LATIN = {"FandolFang-Regular.otf", "FandolKai-Regular.otf"}
_WITHOUT_LATIN = (
    "<edit name='charset' mode='assign'><minus><name>charset</name>"
    "<charset><range><int>0x21</int><int>0x7e</int></range></charset></minus></edit>"
)
_WIDE = ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")
_SUFFIXES = {".otf", ".ttf", ".ttc"}
_SYSTEM_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
    "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
_SYSTEM_CHINESE = re.compile(
    r"cjk|wqy|uming|ukai|gbsn00|gkai00|fallback|simsun|msyh|pingfang|songti|heiti|hansans|hanserif"
    r"|sourcehan|fandol|wenkai|notoserifsc|notosanssc",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FontSet:
    """The files that play the roles, and those that know rare characters of names.

    ``shelf`` is a folder where the fontconfig file and its cache may be kept.
    """

    faces: Mapping[Role, Path]
    wide: tuple[Path, ...]
    shelf: Path

    @property
    def missing(self) -> tuple[str, ...]:
        """What could not be found, in the words a street office uses."""
        lacking = [name for role, name in ROLE_NAMES.items() if role not in self.faces]
        return (*lacking, *(() if self.wide else ("生僻字备用字体",)))

    def configuration(self) -> Path:
        """Write, unless it is there, the fontconfig file of this set and return its path."""
        # The name of the folder follows its content: fontconfig's cache knows nothing of changed rules.
        content = f"{sorted(self._links().items())} {self._xml(Path(), Path())}"
        folder = self._writable() / f"set-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
        faces = folder / "faces"
        faces.mkdir(parents=True, exist_ok=True)
        for name, path in self._links().items():
            _link(faces / name, path)
        target = folder / "fonts.conf"
        if not target.exists():
            text = self._xml(faces, folder / "cache")
            draft = folder / f".fonts-{os.getpid()}-{get_ident()}.conf"
            draft.write_text(text, encoding="utf-8")
            draft.replace(target)
        return target

    def _links(self) -> dict[str, Path]:
        named = {f"{role.name}{path.suffix.lower()}": path for role, path in self.faces.items()}
        return named | {f"WIDE-{path.name}": path for path in self.wide}

    def _writable(self) -> Path:
        with suppress(OSError):
            self.shelf.mkdir(parents=True, exist_ok=True)
        return self.shelf if os.access(self.shelf, os.W_OK) else Path(_private_folder().name)

    def _xml(self, faces: Path, store: Path) -> str:
        rules = "\n".join(_rule(faces, role, path) for role, path in self.faces.items())
        system = "<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>"
        return (
            "<?xml version='1.0'?>\n<!DOCTYPE fontconfig SYSTEM 'fonts.dtd'>\n<fontconfig>\n"
            f"<dir>{escape(str(faces))}</dir>\n<cachedir>{escape(str(store))}</cachedir>\n"
            f"{system if self.missing else ''}\n{rules}\n</fontconfig>\n"
        )


def _rule(faces: Path, role: Role, path: Path) -> str:
    # Both Fandol Song faces call themselves regular; the title's face is the bold one by definition, so
    # that nothing is emboldened a second time.
    weight = "bold" if role is Role.TITLE else "regular"
    file = escape(str(faces / f"{role.name}{path.suffix.lower()}"))
    return (
        f"<match target='scan'><test name='file'><string>{file}</string></test>"
        f"<edit name='family' mode='append'><string>{role.value}</string></edit>"
        f"<edit name='weight' mode='assign'><const>{weight}</const></edit>"
        f"{_WITHOUT_LATIN if path.name in _POOR_LATIN else ''}</match>"
    )


def _link(link: Path, path: Path) -> None:
    if link.exists():
        return
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(path.resolve())
    except FileExistsError:  # another process was quicker
        return


def find_fonts(own: Path | None, fetched: Path) -> FontSet:
    """Return the set to print with; say once in the log what is missing.

    ``own`` is the folder of the street's own typefaces (VOTING_FONT_DIR), ``fetched`` the folder that
    scripts/fonts.sh fills (``fonts`` under VOTING_VAR).
    """
    bought = _own_faces(own) if own else {}
    given = {role: fetched / name for role, name in _FANDOL.items() if (fetched / name).is_file()}
    wide = tuple(fetched / name for name in _WIDE if (fetched / name).is_file())
    fonts = FontSet(faces=given | bought, wide=wide, shelf=fetched / ".sets")
    if fonts.missing:
        _report("、".join(fonts.missing), has_chinese=bool(fonts.faces) or _system_has_chinese())
    return fonts


def _own_faces(folder: Path) -> dict[Role, Path]:
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    found: dict[Role, Path] = {}
    for role, pattern in _OWN.items():
        matching = (path for path in files if re.search(pattern, path.name, re.IGNORECASE))
        if path := next(matching, None):
            found[role] = path
    return found


@cache
def _private_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="voting-fonts-")


@cache
def _report(missing: str, *, has_chinese: bool) -> None:
    if has_chinese:
        log.warning("fonts missing, papers use others: %s (run scripts/fonts.sh)", missing)
    else:
        log.error(
            "no Chinese typeface at all, papers show boxes: %s (run scripts/fonts.sh)", missing
        )


@cache
def _system_has_chinese() -> bool:
    folders = (Path(folder).expanduser() for folder in _SYSTEM_FOLDERS)
    return any(
        _SYSTEM_CHINESE.search(path.name)
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*.[ot]t[fc]")
    )
