"""What a bundle holds and how it is written, to the last byte (docs/2_rules/bundle.md). Plain values."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from voting.journal.rules import canonical

MANIFEST = "manifest.note"


class Sort(StrEnum):
    """For whom a bundle is."""

    PUBLIC = "public"
    MONITORS = "monitors"
    SEALED = "sealed"


@dataclass(frozen=True)
class Part:
    """One file of a bundle: its name, the digest of its content in hex, its length in bytes."""

    name: str
    digest: str
    length: int


def manifest_text(origin: str, sort: Sort, parts: Iterable[Part]) -> str:
    """Return the text of the manifest, to be signed."""
    files = [
        f"{part.digest} {part.length} {part.name}" for part in sorted(parts, key=lambda p: p.name)
    ]
    return "".join(f"{line}\n" for line in [origin, f"bundle {sort.value}", *files])


def opening_line(slot: bytes, salt: bytes, padded: bytes) -> str:
    """Return one line of the openings; whatever lay in a seal has a text in ISO 8859-1."""
    row = {"ballot": padded.decode("latin-1"), "salt": salt.hex(), "slot": slot.hex()}
    return f"{canonical(row)}\n"


def sealed_line(slot: bytes, sealed: bytes) -> str:
    """Return one line of the urn."""
    return f"{canonical({'sealed': sealed.hex(), 'slot': slot.hex()})}\n"


def checkpoints_text(notes: Iterable[str]) -> str:
    """Return the list of checkpoints as canonical JSON."""
    return json.dumps(list(notes), ensure_ascii=False, separators=(",", ":"))


def publishes_ballots(config: str) -> bool:
    """Tell whether a frozen text, of our own or a loaded election, lets everybody see whole ballots."""
    frozen = json.loads(config)
    rules = frozen.get("rules", frozen)
    return bool(rules.get("publication") == "full")


def about(*, title: str, origin: str, sort: Sort, size: int, head: str) -> str:
    """Return what stands in about.txt; ``head`` is grouped as papers print it."""
    return _ABOUT.format(title=title, origin=origin, sort=_SORTS[sort], size=size, head=head)


_SORTS = {
    Sort.PUBLIC: "公开核对包 / public bundle",
    Sort.MONITORS: "监票人核对包 / monitors' bundle",
    Sort.SEALED: "开箱用核对包 / sealed bundle",
}
_ABOUT = """\
{title}
{sort}
{origin}
第 {size} 条为止，封存号 / head of {size} entries: {head}

这是什么
    本轮公开账本的核对包。用它可以在自己的电脑上核对：账本有没有被改过，公布的结果算得对不对。
怎样核对
    1. 看公告栏上的封存号和上面这一个是不是同一个，或者是不是这本账里较早的一个。
    2. 从账本页面下载“核对页面”，断开网络也能用：打开它，把这个文件放进去。
    3. 或者用核对程序：python3 verify_bundle.py 文件名.zip --head 封存号
    不要解压再压缩：核对的是这个文件的每一个字节。

What this is
    The bundle of a round's public ledger. It shows, on a computer of your own, whether the ledger was
    changed and whether the published outcome was worked out correctly.
How to check it
    Compare the head above with the notice board. Then open the page verify.html, which needs no network,
    and give it this file; or run: python3 verify_bundle.py FILE.zip --head HEAD
    Do not unpack and pack it again: every byte of this file is checked.
"""
