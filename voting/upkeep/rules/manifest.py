"""The manifest of a backup: what it holds, of which moment, and which keys belong to it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from voting.adapters.archives import Part
from voting.journal.rules import canonical

FORMAT = "voting backup 1"
DATABASE = "database.sqlite3"
FILES = "files"
# Nothing else is ever unpacked: a name could lead out of the folder.
_NAME = re.compile(rf"{re.escape(DATABASE)}|{FILES}/[0-9a-f]{{2}}/[0-9a-f]{{64}}")


class NotAManifest(ValueError):
    """The text is no manifest of this version."""


@dataclass(frozen=True)
class RoundState:
    """A round at the moment of a backup: size and head (hex) of its ledger; 0 and "" without one."""

    id: str
    title: str
    phase: str
    size: int
    head: str
    ballots: int


@dataclass(frozen=True)
class Manifest:
    """All a backup says of itself; ``rows`` counts each table, ``keys`` are fingerprints by file name."""

    made_at: str
    database: str
    revision: str
    rows: Mapping[str, int]
    rounds: Sequence[RoundState]
    keys: Mapping[str, str]
    lost: Sequence[str]
    parts: Sequence[Part]

    def text(self) -> bytes:
        """Return the canonical JSON."""
        return canonical({"format": FORMAT, **asdict(self)}).encode()

    @property
    def bytes(self) -> int:
        """How much all parts hold together."""
        return sum(part.size for part in self.parts)


def read_manifest(text: bytes) -> Manifest:
    """Return what a manifest says; raise NotAManifest."""
    try:
        said = json.loads(text)
        if said.pop("format") != FORMAT:
            raise NotAManifest
        said["rounds"] = [RoundState(**one) for one in said["rounds"]]
        said["parts"] = [Part(**one) for one in said["parts"]]
        if not all(_NAME.fullmatch(part.name) for part in said["parts"]):
            raise NotAManifest
        return Manifest(**said)
    except (KeyError, TypeError, AttributeError, ValueError) as odd:
        raise NotAManifest from odd


def file_name(digest: str) -> str:
    """Return the name of a stored file inside a backup."""
    return f"{FILES}/{digest[:2]}/{digest}"


@dataclass(frozen=True)
class MissingKey:
    """A key that a restored round needs and this server has not: which file, for what, of which round."""

    name: str
    use: str
    round_id: str | None = None
    title: str = ""
    is_other: bool = False

    @property
    def folder(self) -> str:
        """Where it lies inside the folder of secrets, with a slash at the end, or an empty text."""
        folder, slash, _ = self.name.rpartition("/")
        return folder + slash

    @property
    def file(self) -> str:
        """The name without its folder; what lies beside the batches is told by its kind alone."""
        name = self.name.rpartition("/")[2]
        return "*.seed" if name.endswith(".seed") else name


_USES = {
    "app.key": "签网站登录和表单用；没有它，大家要重新登录，已经扫过的卡要再扫一次",
    "cards.key": "核对投票卡的卡号和验证码用；没有它，已经印的卡都不能投",
    "persons.key": "核对建议人和监票人是不是同一个人用",
    "pepper.key": "核对名册上的身份证件号码用",
    "seal.key": "开箱计票用；没有它，票箱打不开",
    "ledger.key": "签公开账本用；没有它，不能再签封存点",
    "openings.key": "读开箱明细用",
}


def missing_keys(
    wanted: Mapping[str, str], here: Mapping[str, str], titles: Mapping[str, str]
) -> list[MissingKey]:
    """Return the keys of a backup that are not here, or are others of the same name, by name."""
    found = []
    for name in sorted(wanted):
        if here.get(name) == wanted[name]:
            continue
        folder, _, file = name.rpartition("/")
        round_id = folder.partition("/")[2] if folder.startswith("rounds/") else None
        found.append(
            MissingKey(
                name=name,
                use=_USES.get(file, "印这批投票卡用"),
                round_id=round_id,
                title=titles.get(round_id or "", ""),
                is_other=name in here,
            )
        )
    return found
