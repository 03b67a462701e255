"""Papers as they are stored, without printing them."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from tests.factories.areas import NOW, make_area
from tests.papers import fonts
from voting.areas.models import Area
from voting.config import Config
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.notices.rules import PaperSection, PlainPaper, Signature
from voting.notices.service import issue, issue_plain

CLERK = Actor(id="clerk", name="周强", area_path="")
_PLAIN = PlainPaper(
    title="关于暂停南烟小区2026年第二轮“幸福微实事”的公告",
    opening=("有关事项公告如下。",),
    sections=(PaperSection("一、暂停的理由", ("线路检修，投票点停电三天。",)),),
    signature=Signature(("南站街道办事处",), date(2026, 11, 23)),
    url="https://vote.example.cn/rounds/r1",
    url_words="看最新情况",
)


def make_notice(
    session: Session,
    *,
    area: Area | None = None,
    round_id: str | None = None,
    kind: str = "result",
    title: str = "关于票决结果的公示",
    facts: str = "{}",
    pdf_digest: str = "0" * 64,
    number: str | None = None,
    rehearsal: bool = False,
    now: datetime = NOW,
) -> Notice:
    """Issue a paper; without an area, in a district of its own."""
    area = area or make_area(session)
    return issue(
        session, now=now, actor=CLERK, kind=kind, title=title, area_id=area.id, round_id=round_id,
        facts=facts, pdf_digest=pdf_digest, number=number, rehearsal=rehearsal,
    )  # fmt: skip


def plain(**changes: object) -> PlainPaper:
    """Return a paper in words, but for the given changes."""
    return replace(_PLAIN, **changes)  # type: ignore[arg-type]  # the fields of a paper


def make_plain(
    session: Session,
    *,
    area: Area | None = None,
    round_id: str | None = None,
    kind: str = "paused",
    audience: str = "public",
    repeatable: bool = False,
    now: datetime = NOW,
    **changes: object,
) -> Notice:
    """Issue a paper in words that nobody has printed yet."""
    return issue_plain(
        session, now=now, actor=CLERK, kind=kind, area=area or make_area(session), round_id=round_id,
        paper=plain(**changes), audience=audience, repeatable=repeatable,
    )  # fmt: skip


def let_print(config: Config) -> None:
    """Let the app of a test print: its own folder gets the typefaces of the project."""
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(fonts().shelf.parent)
