"""What a reader should know about a file that can be counted all the same: one sentence each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voting.pabulib.rules.refusals import shown

_MOST_OF_A_KIND = 20


class Doubt(StrEnum):
    """The message ids."""

    NUM_PROJECTS = "文件写明项目 %(stated)s 个，实际 %(counted)s 个。"
    NUM_VOTES = "文件写明选票 %(stated)s 张，实际 %(counted)s 张。"
    VOTES = "项目 %(project)s：文件写明 %(stated)s 票，重新计数是 %(counted)s 票。"
    SCORE = "项目 %(project)s：文件写明得分 %(stated)s，重新计数是 %(counted)s。"
    MORE_VOTES = "还有 %(number)s 个项目的票数与重新计数不同。"
    MORE_SCORES = "还有 %(number)s 个项目的得分与重新计数不同。"
    REPEATED_PICKS = "有 %(number)s 张选票重复选了同一个项目，按一次计（首见第 %(line)s 行）。"
    REPEATED_POINTS = (
        "有 %(number)s 张选票给同一个项目打分不止一次，分数相加（首见第 %(line)s 行）。"
    )
    BLANK = "有 %(number)s 张空白票，计入选票总数（首见第 %(line)s 行）。"
    EMPTY_CHOICES = "有 %(number)s 张选票含有多余的逗号，已略过（首见第 %(line)s 行）。"
    TOO_MANY_CHOICES = "有 %(number)s 张选票多于 %(most)s 项，仍然计入（首见第 %(line)s 行）。"
    REPEATED_VOTERS = (
        "有 %(number)s 张选票的 voter_id 与别的选票相同，全部计入（首见第 %(line)s 行）。"
    )
    SHORT_ROWS = "有 %(number)s 行少于表头的列数，缺少的按空白计（首见第 %(line)s 行）。"
    FINE_MONEY = "有 %(number)s 个金额的小数多于两位，按小数计（首见第 %(line)s 行）。"
    WEIGHTS = "VOTES 部分的 vote_strength 列没有计入，每张选票都按一票计。"
    SCORING = "文件的 scoring_fn 是 %(text)s，这里按名次计分：第一名 k 分，最后一名 1 分。"


@dataclass(frozen=True)
class Remark:
    """One sentence about the file; ``str`` fills it in."""

    doubt: Doubt
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.doubt.value % self.values


def remark(doubt: Doubt, **values: str | int) -> Remark:
    """Make a remark; text out of the file is made safe to show."""
    return Remark(doubt, {k: shown(v) if isinstance(v, str) else v for k, v in values.items()})


def capped(remarks: Iterable[Remark], more: Doubt) -> list[Remark]:
    """Return the first remarks of a kind and how many follow: a file may differ in every line."""
    found = list(remarks)
    rest = len(found) - _MOST_OF_A_KIND
    if rest <= 0:
        return found
    return [*found[:_MOST_OF_A_KIND], remark(more, number=rest)]


@dataclass
class Sightings:
    """Things seen on many lines: how often, and where first."""

    seen: dict[Doubt, tuple[int, int]] = field(default_factory=dict)

    def note(self, doubt: Doubt, line: int, number: int = 1) -> None:
        """Add ``number`` cases, the earliest of them on ``line``."""
        before, first = self.seen.get(doubt, (0, line))
        self.seen[doubt] = (before + number, min(first, line))

    def remarks(self, **values: str | int) -> list[Remark]:
        """Return one remark for each kind seen."""
        return [
            remark(doubt, number=number, line=line, **values)
            for doubt, (number, line) in self.seen.items()
        ]
