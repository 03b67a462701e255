"""How like two proposals are: shared pairs of neighbouring characters, no dictionary, no database.

Chinese has no spaces between words, and most of its words have two characters; pairs of neighbours
(bigrams) therefore stand for words without a dictionary of them. The thresholds are argued in
docs/2_rules/proposing.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_SHOWN = 5
LEAST_LIKE = 30
"""Per cent from which two proposals are shown as alike."""

_NUMERALS = str.maketrans("一二两三四五六七八九〇零", "122345678900")
# 幢 and 栋, 号楼 and 栋 name the same house; who proposes does not check the plate.
_SAME = (("号楼", "栋"), ("幢", "栋"))
# What nearly every wish says: it tells that something is wanted, not what.
_WISHED = re.compile(
    "希望|建议|申请|请求|安装|加装|增加|增设|新增|添加|添置|新建|修建|建设|设置|开设|开展|更换|更新|改造"
    "|维修|修理|修复|修补|小区|社区|居民|我们|一个|一些|[给为在把的了等和与及]"
)


@dataclass(frozen=True)
class Described:
    """What is compared of a proposal; ``key`` says whose it is."""

    key: str
    title: str
    place: str


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters and digits of a text, in one width, case and numeral.

    Words that nearly every wish uses are left out; a text of nothing else keeps them.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(char for char in folded if char.isalnum()).translate(_NUMERALS)
    for name, usual in _SAME:
        plain = plain.replace(name, usual)
    said = _WISHED.sub(" ", plain)
    pairs = _pairs(said) or _pairs(plain)
    return pairs or frozenset(plain)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(
        text[at : at + 2] for at in range(len(text) - 1) if " " not in text[at : at + 2]
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> int:
    """Return how much two sets of pairs share, in whole per cent (Dice: twice the shared by all)."""
    everything = len(one) + len(other)
    return 200 * len(one & other) // everything if everything else 0


def most_alike(
    title: str,
    place: str,
    others: Iterable[Described],
    *,
    least: int = LEAST_LIKE,
    most: int = MOST_SHOWN,
) -> Sequence[Described]:
    """Return the most alike of ``others``, at most ``most``, each key once, the likest first.

    Either the titles alone are alike, or titles and places together; but two wishes for one place whose
    titles share nothing are not alike for the place alone.
    """
    asked, asked_whole = bigrams(title), bigrams(title) | bigrams(place)
    best: dict[str, tuple[int, int, Described]] = {}
    for order, other in enumerate(others):
        named = bigrams(other.title)
        if not asked & named:
            continue
        whole = likeness(asked_whole, named | bigrams(other.place))
        score = max(likeness(asked, named), whole)
        known = best.get(other.key)
        if score >= least and (known is None or score > known[0]):
            best[other.key] = (score, order, other)
    ranked = sorted(best.values(), key=lambda found: (-found[0], found[1]))
    return [other for _score, _order, other in ranked[:most]]
