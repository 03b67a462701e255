"""``flask pabulib …``: other people's elections, counted without a database or loaded as rounds."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from voting.errors import Refusal
from voting.pabulib.rules.allocations import RULE_NAMES, allocate, resolve
from voting.pabulib.rules.election import Election, read_election
from voting.pabulib.rules.refusals import shown
from voting.pabulib.service import Progress, load
from voting.tally.rules.allocation import Outcome, Standing
from voting.tally.rules.answer import answer
from voting.tally.rules.balance import decimal_text
from voting.tally.rules.reasons import SENTENCES
from voting.tally.rules.ties import Tie, TieStep
from voting.web.db import current_keys, now, transaction
from voting.web.text import _, lazy_, say

group = AppGroup("pabulib", help=lazy_("别处的参与式预算（Pabulib 格式）：读入、计票。"))

_STEPS = {
    TieStep.COST: lazy_("费用低者在前"),
    TieStep.ID: lazy_("按编号先后"),
}


class FileNotReadable(Refusal):
    """The path leads to nothing that can be read."""

    msgid = "打不开文件 %(path)s：不存在、不是文件，或没有读取权限。"


class RuleMissing(Refusal):
    """The command was given no rule."""

    msgid = "请用 --rule 写明规则：%(names)s。"


def _fail(refusal: Refusal) -> NoReturn:
    click.echo(say(refusal), err=True)
    raise click.exceptions.Exit(1)


def _read(path: Path) -> Election:
    try:
        with path.open("rb") as stream:
            return read_election(stream)
    except OSError:
        raise FileNotReadable(path=shown(str(path))) from None


def _remark(election: Election) -> None:
    for found in election.remarks:
        click.echo(_(found.doubt.value, **found.values), err=True)


def _pad(text: str, width: int) -> str:
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, width - taken)


class _Page:
    """The readable form of an outcome: one line for each project, with its reason."""

    def __init__(self, election: Election, outcome: Outcome) -> None:
        self.election = election
        self.outcome = outcome
        self.names = {project.id: project.name for project in election.projects}

    def money(self, amount: int) -> str:
        return decimal_text(amount, self.election.decimals)

    def votes(self, number: int) -> str:
        return decimal_text(number, self.election.point_decimals)

    def project(self, standing: Standing) -> str:
        values = standing.values(self.money, self.votes)
        safe = {k: shown(v) if isinstance(v, str) else v for k, v in values.items()}
        cells = (
            _pad("-" if standing.place is None else str(standing.place), 5),
            _pad(_("入选") if standing.funded else _("未入选"), 7),
            _pad(shown(standing.id), 14),
            _pad(self.votes(standing.votes), 8),
            _pad(self.money(standing.cost), 14),
            _(SENTENCES[standing.reason], **safe),
            shown(self.names[standing.id]) if self.names[standing.id] else "",
        )
        return " ".join(cells).rstrip()

    def tie(self, tie: Tie) -> str:
        order = "、".join(shown(candidate) for candidate in tie.candidates)
        steps = "、".join(dict.fromkeys(str(_STEPS[step]) for step in tie.decided_by))
        votes = self.votes(tie.votes)
        sentence = _("同票（%(votes)s）：%(order)s。%(steps)s。")
        return str(sentence % {"votes": votes, "order": order, "steps": steps})

    def lines(self, rule: str) -> list[str]:
        head = _(
            "规则 %(rule)s，选票 %(ballots)s 张，预算 %(budget)s，用去 %(spent)s，剩余 %(left)s。",
            rule=rule,
            ballots=self.election.ballot_count,
            budget=self.money(self.outcome.budget),
            spent=self.money(self.outcome.spent),
            left=self.money(self.outcome.left),
        )
        titles = ((_("名次"), 5), (_("结果"), 7), (_("编号"), 14), (_("得票"), 8), (_("费用"), 14))
        columns = " ".join([*(_pad(title, width) for title, width in titles), _("理由、名称")])
        projects = [self.project(standing) for standing in self.outcome.standings]
        return [head, columns, *projects, *(self.tie(tie) for tie in self.outcome.ties)]


@group.command("tally", with_appcontext=False, help=lazy_("按一种规则计算一个文件，不用数据库。"))
@click.argument("file", metavar="FILE.pb", type=click.Path(path_type=Path))
@click.option("--rule", metavar="RULE", help="、".join(RULE_NAMES))
@click.option("--k", metavar="K", help=lazy_("top-k 取前几名"))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def tally(file: Path, rule: str | None, k: str | None, *, as_json: bool) -> None:
    """Count one file by one rule."""
    try:
        if rule is None:
            raise RuleMissing(names="、".join(RULE_NAMES))
        election = _read(file)
        applied = resolve(rule, election)
        outcome = allocate(election, applied, k)
    except Refusal as refusal:
        _fail(refusal)
    _remark(election)
    if not as_json:
        click.echo("\n".join(_Page(election, outcome).lines(applied.value)))
        return
    facts = answer(
        outcome,
        rule=applied.value,
        ballots=election.ballot_count,
        decimals=election.decimals,
        vote_decimals=election.point_decimals,
    )
    click.echo(json.dumps(facts | {"declared": election.rule}, ensure_ascii=False))


@contextmanager
def _bar(total: int) -> Iterator[Progress | None]:
    """Give a progress bar on a terminal, and none where a program listens."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=total, label=_("封存"), file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


@group.command(
    "load", help=lazy_("把一个文件导入为已经截止的轮次，选票都经过票箱；接着可以 tally count。")
)
@click.argument("file", metavar="FILE.pb", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def load_file(file: Path, *, as_json: bool) -> None:
    """Load one file as a closed round whose ballots went through the urn."""
    try:
        election = _read(file)
        with _bar(election.ballot_count) as progress, transaction() as session:
            loaded = load(
                session, now=now(), keys=current_keys(), election=election, progress=progress
            )
    except Refusal as refusal:
        _fail(refusal)
    _remark(election)
    if not loaded.known_rule:
        rule = shown(election.rule)
        click.echo(
            _("文件写明的规则是 %(rule)s，无法照此计算，这个轮次按 greedy 计票。", rule=rule),
            err=True,
        )
    facts = {
        "round": loaded.round_id,
        "candidates": loaded.candidates,
        "ballots": loaded.ballots,
    }
    if as_json:
        click.echo(json.dumps(facts))
    else:
        sentence = _("已导入轮次 %(round)s：项目 %(candidates)s 个，选票 %(ballots)s 张。", **facts)
        click.echo(sentence)
