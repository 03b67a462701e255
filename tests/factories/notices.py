"""Papers as they are stored, without printing them."""

from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories.areas import NOW, make_area
from tests.papers import fonts
from voting.areas.models import Area
from voting.config import Config
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.notices.service import issue

CLERK = Actor(id="clerk", name="周强", area_path="")


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
    now: datetime = NOW,
) -> Notice:
    """Issue a paper; without an area, in a district of its own."""
    area = area or make_area(session)
    return issue(
        session, now=now, actor=CLERK, kind=kind, title=title, area_id=area.id, round_id=round_id,
        facts=facts, pdf_digest=pdf_digest, number=number,
    )  # fmt: skip


def let_print(config: Config) -> None:
    """Let the app of a test print: its own folder gets the typefaces of the project."""
    config.var.mkdir(parents=True, exist_ok=True)
    (config.var / "fonts").symlink_to(fonts().shelf.parent)
