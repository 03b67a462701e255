"""``flask pabulib …``: elections as files: counted, loaded as rounds, written out."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from voting.errors import Refusal
from voting.pabulib.document import page_lines
from voting.pabulib.rules.allocations import DECLARED, RAISED, RULE_NAMES, Rule, allocate, resolve
from voting.pabulib.rules.election import Election, read_election
from voting.pabulib.rules.official import WHY_SENTENCES, difference
from voting.pabulib.rules.refusals import shown
from voting.pabulib.service import Progress, export, load
from voting.tally.rules.allocation import Outcome
from voting.tally.rules.answer import answer
from voting.tally.rules.completion import most_raises
from voting.tally.rules.sharing import SharesOutcome, shares_answer
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _, lazy_, say

group = AppGroup("pabulib", help=lazy_("别处的参与式预算（Pabulib 格式）：读入、计票、导出。"))


class FileNotReadable(Refusal):
    """The path leads to nothing that can be read."""

    msgid = "打不开文件 %(path)s：不存在、不是文件，或没有读取权限。"


class FileNotWritable(Refusal):
    """Nothing can be written at the path."""

    msgid = "写不了文件 %(path)s：文件夹不存在、空间不够，或没有写入权限。"


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


@contextmanager
def _bar(total: int, label: str) -> Iterator[Progress | None]:
    """Give a progress bar on a terminal, and none where a program listens or nothing takes long."""
    if not total or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def _official(election: Election, name: str, rule: Rule, outcome: Outcome) -> dict[str, object]:
    """Say whether the declared rule gives what the file marks as selected, and why not."""
    if name != DECLARED or election.official() is None:
        return {}
    found = difference(election, rule, outcome)
    if found is None:
        return {"official": {"agrees": True, "why": None}}
    sentence = _(
        "文件标明入选的与按 %(rule)s 算出的不同："
        "只有文件选的是 %(official)s；只有计算选的是 %(counted)s。%(why)s。",
        rule=rule.value,
        official=_ids(found.only_official),
        counted=_ids(found.only_counted),
        why=_(WHY_SENTENCES[found.why]),
    )
    click.echo(sentence, err=True)
    return {"official": {"agrees": False, "why": found.why.value}}


def _ids(ids: Sequence[str]) -> str:
    return "、".join(shown(id) for id in ids) or _("无")


def _facts(election: Election, rule: Rule, outcome: Outcome) -> dict[str, object]:
    facts = answer(
        outcome,
        rule=rule.value,
        ballots=election.ballot_count,
        decimals=election.decimals,
        vote_decimals=election.point_decimals,
    )
    if isinstance(outcome, SharesOutcome):
        facts |= shares_answer(outcome, election.decimals)
    return facts | {"declared": election.rule}


@group.command("tally", with_appcontext=False, help=lazy_("按一种规则计算一个文件，不用数据库。"))
@click.argument("file", metavar="FILE.pb", type=click.Path(path_type=Path))
@click.option("--rule", metavar="RULE", help="、".join(RULE_NAMES))
@click.option("--k", metavar="K", help=lazy_("top-k 取前几名"))
@click.option(
    "--step", metavar="MONEY", help=lazy_("equal-shares 每次把每张选票的份额加多少，默认 1")
)
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def tally(file: Path, rule: str | None, k: str | None, step: str | None, *, as_json: bool) -> None:
    """Count one file by one rule."""
    try:
        if rule is None:
            raise RuleMissing(names="、".join(RULE_NAMES))
        election = _read(file)
        applied = resolve(rule, election)
        with _bar(
            most_raises(len(election.ballots)) if applied in RAISED else 0, _("计算")
        ) as progress:
            outcome = allocate(election, applied, k, step=step, progress=progress)
    except Refusal as refusal:
        _fail(refusal)
    _remark(election)
    official = _official(election, rule, applied, outcome)
    if as_json:
        facts = _facts(election, applied, outcome) | official
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        click.echo("\n".join(page_lines(election, outcome, applied.value)))


@group.command(
    "load", help=lazy_("把一个文件导入为已经截止的轮次，选票都经过票箱；接着可以 tally count。")
)
@click.argument("file", metavar="FILE.pb", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def load_file(file: Path, *, as_json: bool) -> None:
    """Load one file as a closed round whose ballots went through the urn."""
    try:
        election = _read(file)
        with _bar(election.ballot_count, _("封存")) as progress, transaction() as session:
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


@group.command("export", help=lazy_("把一个已经计票的轮次写成 Pabulib 文件。"))
@click.argument("round_id", metavar="ROUND")
@click.argument("file", metavar="FILE.pb", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def export_file(round_id: str, file: Path, *, as_json: bool) -> None:
    """Write a counted round as a file."""
    try:
        exported = export(get_session(), round_id=round_id)
        _write(file, exported.text)
    except Refusal as refusal:
        _fail(refusal)
    facts = {"file": str(file), "projects": exported.projects, "ballots": exported.ballots}
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        sentence = _("已写入 %(file)s：项目 %(projects)s 个，选票 %(ballots)s 张。", **facts)
        click.echo(sentence)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError:
        raise FileNotWritable(path=shown(str(path))) from None
