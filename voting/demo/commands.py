"""``flask demo load``: the demo, and what one needs to walk through it."""

import json
import sys
from dataclasses import asdict

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from voting.adapters import qr
from voting.demo.holder import load_demo
from voting.demo.service import Loaded
from voting.errors import Refusal
from voting.rounds.rules import PHASE_NAMES
from voting.web.db import now
from voting.web.text import _, lazy_, say

group = AppGroup("demo", help=lazy_("演示数据。"))
_GROUP = 4


@group.command("load", help=lazy_("装入演示数据；已经装过的，只换一张没用过的投票卡样张。"))
@click.option("--json", "as_json", is_flag=True, help=lazy_("输出 JSON"))
def load(*, as_json: bool) -> None:
    """Load the demo and print addresses, sign-ins and a sample card."""
    try:
        loaded, password = _loaded()
    except Refusal as refusal:
        click.echo(say(refusal), err=True)
        raise click.exceptions.Exit(1) from refusal
    except (OperationalError, ProgrammingError) as unready:
        click.echo(_("数据库还没有准备好，请先运行 flask --app wsgi schema upgrade。"), err=True)
        raise click.exceptions.Exit(1) from unready
    if as_json:
        click.echo(json.dumps(_facts(loaded, password), ensure_ascii=False))
    else:
        _print(loaded, password)


def _loaded() -> tuple[Loaded, str]:
    hidden = not sys.stderr.isatty()
    label = _("装入演示数据")
    # The whole is known only when the stories have been laid out, so no time is foretold.
    with click.progressbar(
        length=1, label=label, file=sys.stderr, hidden=hidden, show_eta=False
    ) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return load_demo(now=now(), progress=show)


def _facts(loaded: Loaded, password: str) -> dict[str, object]:
    rounds = [
        {
            "id": round.id,
            "title": round.title,
            "phase": round.phase.value,
            "area": round.area,
            "url": loaded.address + round.path,
        }
        for round in loaded.rounds
    ]
    return {
        "new": loaded.is_new,
        "home": f"{loaded.address}/",
        "sign_in": f"{loaded.address}/sign-in",
        "password": password,
        "officers": [asdict(desk) for desk in loaded.desks],
        "rounds": rounds,
        "sample_card": asdict(loaded.sample),
    }


def _print(loaded: Loaded, password: str) -> None:
    click.echo(_("演示数据已装好。") if loaded.is_new else _("演示数据早已装好。"))
    click.echo(_("街道和社区的名字是真的；人、电话、项目、票数和几个小区是编的。"))
    _head(_("网址"))
    click.echo(f"  {_padded(_('首页'), 14)}{loaded.address}/")
    click.echo(f"  {_padded(_('工作人员登录'), 14)}{loaded.address}/sign-in")
    _head(_("轮次"))
    for round in loaded.rounds:
        click.echo(f"  {_padded(PHASE_NAMES[round.phase], 14)}{round.title}")
        click.echo(f"  {' ' * 14}{loaded.address}{round.path}")
    _print_desks(loaded, password)
    _print_card(loaded)


def _print_desks(loaded: Loaded, password: str) -> None:
    _head(_("登录名（密码都是 %(password)s）", password=password))
    for desk in loaded.desks:
        changed = "" if desk.is_open else _("（密码已改，或已离任）")
        place = f"{desk.area}{changed}"
        click.echo(f"  {_padded(desk.sign_in_name, 14)}{_padded(desk.role, 14)}{place}")


def _print_card(loaded: Loaded) -> None:
    card = loaded.sample
    starts = range(0, len(card.short_code), _GROUP)
    code = " ".join(card.short_code[at : at + _GROUP] for at in starts)
    _head(_("投票卡样张（%(title)s，编号 %(serial)s）", title=card.round_title, serial=card.serial))
    click.echo(qr.terminal(card.url))
    click.echo(f"  {_padded(_('扫码或打开'), 14)}{card.url}")
    click.echo(f"  {_padded(_('或输入卡号'), 14)}{code}  {loaded.address}/c")
    click.echo(f"  {_padded(_('验证码'), 14)}{card.check_code}")


def _head(text: str) -> None:
    click.echo("")
    click.secho(text, bold=True)


def _padded(text: str, width: int) -> str:
    """Return a text filled up to so many columns; a Chinese character takes two."""
    taken = sum(1 if char.isascii() else 2 for char in text)
    return text + " " * max(width - taken, 1)
