"""``flask tally …``: opening, counting and recounting on a machine without a browser."""

import json
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from voting.accounts.holder import sign_in_by_password
from voting.accounts.service import find_signed_in, sign_out
from voting.custody.service.reading import read_argument
from voting.errors import Refusal
from voting.rounds.service import get_round
from voting.tally.holder import count_apart, lend_key, openings_store, take_apart
from voting.tally.models import Tally
from voting.tally.service import (
    Progress,
    approve_opening,
    open_offline,
    read_openings,
    read_sealed_bundle,
    urn_size,
    verify,
)
from voting.tally.service.drawing import draw_state
from voting.tally.service.drawn import find_drawn
from voting.web.db import current_config, current_database, current_keys, now, transaction
from voting.web.text import _, lazy_, say

group = AppGroup("tally", help=lazy_("开箱、计票、复核。"))


_PATH = click.Path(path_type=Path, dir_okay=False)
_SHEET = lazy_("一张钥匙纸：照片文件、文本文件，或者直接写上面的字；要给两次")


class TwoSheetsNeeded(Refusal):
    """One sheet opens nothing, and nobody needs three."""

    msgid = "要给两张钥匙纸（--sheet 写两次），这里给了 %(number)d 张。"


class PasswordNotChanged(Refusal):
    """An initial password opens nothing."""

    msgid = "这个账号还在用初始密码。请先在网页上登录，改好密码，再来开箱。"


def _fail(refusal: Refusal) -> NoReturn:
    click.echo(say(refusal), err=True)
    raise click.exceptions.Exit(1)


@contextmanager
def _bar(round_id: str) -> Iterator[Progress | None]:
    """Give a progress bar on a terminal, and none where a program listens."""
    if not sys.stderr.isatty():
        yield None
        return
    with current_database().reading() as session:
        total = urn_size(session, round_id)
    with _plain_bar(total) as progress:
        yield progress


@contextmanager
def _plain_bar(total: int) -> Iterator[Progress | None]:
    if not sys.stderr.isatty():
        yield None
        return
    rate = _Rate()
    with click.progressbar(
        length=total,
        label=_("开箱"),
        file=sys.stderr,
        show_pos=True,
        item_show_func=lambda said: said,
    ) as bar:
        yield lambda done: bar.update(done - bar.pos, rate.after(done))


class _Rate:
    """Ballots a second of late: what a stopped count has left is taken up much faster than it was opened."""

    def __init__(self) -> None:
        self._heard: deque[tuple[float, int]] = deque(maxlen=200)

    def after(self, done: int) -> str:
        """Return what the bar says now that so many are done."""
        self._heard.append((time.monotonic(), done))
        (since, before), (now_is, _done) = self._heard[0], self._heard[-1]
        if now_is == since:
            return ""
        said: str = _("%(rate)d 张/秒", rate=(done - before) / (now_is - since))
        return said


@group.command("approve", help=lazy_("一位工作人员同意开箱；要两位不同的人。"))
@click.argument("round_id", metavar="ROUND")
@click.argument("officer", metavar="OFFICER")
@click.option("--password-stdin", is_flag=True, help=lazy_("从标准输入读一行作为密码"))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def approve(round_id: str, officer: str, *, password_stdin: bool, as_json: bool) -> None:
    """Note that the officer with this sign-in name agrees; the password proves who it is."""
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else click.prompt(_("%(name)s 的密码", name=officer), hide_input=True, err=True)
    )
    try:
        officer_id = _identify(officer, password)
        with transaction() as session:
            opening = approve_opening(session, now=now(), officer_id=officer_id, round_id=round_id)
    except Refusal as refusal:
        _fail(refusal)
    is_open = opening.second_officer is not None
    if as_json:
        click.echo(json.dumps({"round": round_id, "officers": 2 if is_open else 1}))
    elif is_open:
        click.echo(_("两位工作人员都已同意，可以计票了。"))
    else:
        click.echo(_("已记下第一位工作人员的同意，还要另一位确认。"))


def _identify(sign_in_name: str, password: str) -> str:
    """Return the officer whose password this is; a wrong one counts as a try, as it does on the web."""
    token = sign_in_by_password(sign_in_name, password)
    with transaction() as session:
        found = find_signed_in(session, token, now=now(), config=current_config())
        sign_out(session, token)
    if found is None or found.must_change_password:
        raise PasswordNotChanged
    return found.id


@group.command("count", help=lazy_("开箱计票。要两位工作人员先同意；导入的数据不用。"))
@click.argument("round_id", metavar="ROUND")
@click.option("--sheet", "sheets", multiple=True, help=_SHEET)
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def count(round_id: str, *, sheets: tuple[str, ...], as_json: bool) -> None:
    """Count a round, or answer what has been counted; two sheets lend the key that monitors hold."""
    try:
        if sheets:
            lend_key(round_id, _two(sheets))
        try:
            with _bar(round_id) as progress:
                tally = count_apart(round_id, progress)
        finally:
            current_keys().take_back_seal_key(round_id)
    except Refusal as refusal:
        _fail(refusal)
    _say(tally, round_id, as_json=as_json)


def _say(tally: Tally, round_id: str, *, as_json: bool) -> None:
    with current_database().reading() as session:
        drawn = find_drawn(session, round_id)
        waits = draw_state(session, get_round(session, round_id)).waits
    facts = json.loads(drawn.outcome if drawn else tally.outcome) | {"round": round_id}
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    figures = {"ballots": tally.ballots, "blank": tally.blank, "invalid": tally.invalid}
    click.echo(
        _("选票 %(ballots)s 张，其中空白 %(blank)s 张，无效 %(invalid)s 张。", **figures)
        + _("预算 %(budget)s，用去 %(spent)s，剩余 %(left)s。", **_money(facts))
    )
    if waits:
        click.echo(_("有项目得票相同，谁入选要公开抽签，下面的入选还不算数。"))
    for project in facts["projects"]:
        click.echo(_line(project))


@group.command("take", help=lazy_("用另一台电脑开箱的结果（custody open 写出的文件）计票。"))
@click.argument("round_id", metavar="ROUND")
@click.argument("file", metavar="FILE.zip", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def take(round_id: str, file: Path, *, as_json: bool) -> None:
    """Count a round from what another computer brought out of its urn."""
    try:
        with _bar(round_id) as progress:
            tally = take_apart(round_id, read_openings(file), progress)
    except Refusal as refusal:
        _fail(refusal)
    _say(tally, round_id, as_json=as_json)


@click.command("open", help=lazy_("在不联网的电脑上开箱：读入封存的票箱文件包，写出开箱明细。"))
@click.argument("file", metavar="FILE.zip", type=_PATH)
@click.argument("target", metavar="OUT.zip", type=_PATH)
@click.option("--sheet", "sheets", multiple=True, required=True, help=_SHEET)
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def open_sealed(file: Path, target: Path, *, sheets: tuple[str, ...], as_json: bool) -> None:
    """Open a sealed bundle with two sheets; no database is needed."""
    try:
        urn = read_sealed_bundle(file)
        with _plain_bar(len(urn.ballots)) as progress:
            ballots = open_offline(urn, target, typed=_two(sheets), progress=progress)
    except Refusal as refusal:
        _fail(refusal)
    if as_json:
        click.echo(json.dumps({"round": urn.round_id, "ballots": ballots, "file": str(target)}))
    else:
        said = _("%(title)s：开出选票 %(ballots)s 张，写在 %(file)s。")
        click.echo(said % {"title": urn.title, "ballots": ballots, "file": target})


def _two(sheets: tuple[str, ...]) -> tuple[str, str]:
    if len(sheets) != 2:  # noqa: PLR2004 -- two of three
        raise TwoSheetsNeeded(number=len(sheets))
    first, second = (read_argument(sheet) for sheet in sheets)
    return first, second


def _money(facts: dict[str, str]) -> dict[str, str]:
    return {name: facts[name] for name in ("budget", "spent", "left")}


def _line(project: dict[str, object]) -> str:
    place = "-" if project["place"] is None else project["place"]
    state = _("入选") if project["funded"] else _("未入选")
    return f"{place}\t{state}\t{project['id']}\t{project['votes']}\t{project['cost']}"


@group.command("verify", help=lazy_("从票箱重新计票，和保存的结果比较；不一致时退出码是 1。"))
@click.argument("round_id", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def verify_count(round_id: str, *, as_json: bool) -> None:
    """Recount from the urn and compare with what is stored."""
    try:
        with _bar(round_id) as progress:
            ballots = verify(
                current_database().reading,
                keys=current_keys(),
                openings=openings_store(),
                round_id=round_id,
                progress=progress,
            )
    except Refusal as refusal:
        _fail(refusal)
    if as_json:
        click.echo(json.dumps({"round": round_id, "ballots": ballots, "same": True}))
    else:
        click.echo(_("重新计票 %(ballots)s 张，和保存的结果一致。", ballots=ballots))
