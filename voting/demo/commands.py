"""``flask demo load``: the demo, and what one needs to walk through it."""

import json
import sys
from dataclasses import asdict

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from voting.adapters import qr
from voting.areas.service import AlreadySetUp
from voting.demo.holder import scene
from voting.demo.service import Loaded, is_loaded, kept_password, load
from voting.errors import Refusal
from voting.rounds.rules import PHASE_NAMES
from voting.web.db import current_config, now
from voting.web.text import _, lazy_, say

group = AppGroup("demo", help=lazy_("演示数据。"))
_GROUP = 4


@group.command("load", help=lazy_("装入演示数据；已经装过的，只补一张没用过的投票卡。"))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def load_demo(*, as_json: bool) -> None:
    """Load the demo and print addresses, a sample card and sign-ins."""
    try:
        loaded, password = _loaded()
    except Refusal as refusal:
        click.echo(say(refusal), err=True)
        raise click.exceptions.Exit(1) from refusal
    except (OperationalError, ProgrammingError) as absent:
        click.echo(_("数据库还没有准备好。请先运行 flask --app wsgi schema upgrade。"), err=True)
        raise click.exceptions.Exit(1) from absent
    if as_json:
        click.echo(json.dumps(_facts(loaded, password), ensure_ascii=False))
    else:
        _print(loaded, password)


def _loaded() -> tuple[Loaded, str]:
    with scene() as asked:
        is_loaded(asked)
    password = kept_password(current_config().secrets)
    try:
        return _load(password), password
    except AlreadySetUp:
        # Another process was first by a moment: what it has loaded is there now.
        return _load(password), password


def _load(password: str) -> Loaded:
    hidden = not sys.stderr.isatty()
    with (
        click.progressbar(length=1, label=_("装入演示数据"), file=sys.stderr, hidden=hidden) as bar,
        scene() as open_scene,
    ):

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return load(open_scene, now=now(), password=password, progress=show)


def _facts(loaded: Loaded, password: str) -> dict[str, object]:
    return {
        "new": loaded.is_new,
        "home": f"{loaded.address}/",
        "sign_in": f"{loaded.address}/sign-in",
        "password": password,
        "officers": [asdict(desk) for desk in loaded.desks],
        "rounds": [
            {
                "id": round.id,
                "title": round.title,
                "phase": round.phase.value,
                "area": round.area,
                "url": loaded.address + round.path,
            }
            for round in loaded.rounds
        ],
        "sample_card": asdict(loaded.sample),
    }


def _print(loaded: Loaded, password: str) -> None:
    click.echo(_("演示数据已装好。") if loaded.is_new else _("演示数据早已装好，没有改动。"))
    click.echo(_("人物、电话和数字都是编的，地名是真的。"))
    _head(_("网址"))
    click.echo(_("  首页　　　　　%(url)s/", url=loaded.address))
    click.echo(_("  工作人员登录　%(url)s/sign-in", url=loaded.address))
    _head(_("轮次"))
    for round in loaded.rounds:
        click.echo(
            f"  {_padded(PHASE_NAMES[round.phase], 14)}{_padded(round.title, 42)}"
            f"{loaded.address}{round.path}"
        )
    _print_desks(loaded, password)
    _print_card(loaded)


def _print_desks(loaded: Loaded, password: str) -> None:
    _head(_("登录名（密码都是 %(password)s）", password=password))
    for desk in loaded.desks:
        changed = "" if desk.is_open else _("（密码已改或已离任）")
        click.echo(
            f"  {_padded(desk.sign_in_name, 14)}{_padded(desk.role, 16)}{desk.area}{changed}"
        )


def _print_card(loaded: Loaded) -> None:
    card = loaded.sample
    code = " ".join(
        card.short_code[at : at + _GROUP] for at in range(0, len(card.short_code), _GROUP)
    )
    _head(_("投票卡样张（%(title)s，%(serial)s）", title=card.round_title, serial=card.serial))
    click.echo(qr.terminal(card.url))
    click.echo(_("  扫码或打开　%(url)s", url=card.url))
    click.echo(_("  手工输入　　%(url)s/c　卡号 %(code)s", url=loaded.address, code=code))
    click.echo(_("  验证码　　　%(code)s", code=card.check_code))


def _head(text: str) -> None:
    click.echo("")
    click.secho(text, bold=True)


def _padded(text: str, width: int) -> str:
    """Return a text filled up to so many half-width columns."""
    taken = sum(1 if char.isascii() else 2 for char in text)
    return text + " " * max(width - taken, 1)
