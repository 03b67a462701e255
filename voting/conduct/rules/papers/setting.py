"""What every paper of a step may say of its round, and how a paper says days, money and lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from voting.figures import budget, day, day_clock
from voting.notices.rules import PaperSection, PaperTable, PlainPaper, Signature

_DIGITS = "〇一二三四五六七八九十"
NONE = "—"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A round on the day of the step. Money in cents; ``url`` is the round's public page.

    ``community`` runs the round and ``street`` decides on it. ``reason``, ``day`` and ``person`` are what
    the officer gave with the step; ``stood`` is the phase in which the round stood before.
    """

    title: str
    area: str
    scope: str
    community: str
    street: str
    today: date
    url: str
    is_rehearsal: bool

    budget: int
    limits: tuple[tuple[str, int | None], ...]
    most_candidates: int
    min_age: int
    birthday_counts: bool
    reference_day: date
    min_choices: int
    max_choices: int
    spending: str
    rule: str
    tie_rule: str

    collecting_from: date | None
    collecting_until: date | None
    screening_until: date | None
    review_until: date | None
    announce_on: date | None
    opens_at: datetime
    closes_at: datetime
    extended_to: datetime | None
    publicity_days: int
    answer_days: int
    publicity_from: date | None
    publicity_to: date | None

    office_name: str
    office_address: str
    office_contact: str
    help_number: str

    stood: str = ""
    reason: str = ""
    day: date | None = None
    person: str = ""

    @property
    def closing(self) -> datetime:
        """The moment voting ends, extension included."""
        return self.extended_to or self.closes_at

    @property
    def choosing(self) -> str:
        """How much one ballot may choose, as a clause."""
        if self.spending:
            return f"选的项目预算{self.spending}".replace(" ", "")
        return f"最多选{self.max_choices}项"

    @property
    def who(self) -> str:
        """Who may vote, as a sentence without its full stop."""
        return f"在{self.scope}居住、工作或学习，截至{day(self.reference_day)}年满{self.min_age}周岁的居民"

    @property
    def office(self) -> str:
        """Where one may ask, with its address."""
        return self.office_name + (f"（{self.office_address}）" if self.office_address else "")

    @property
    def asking(self) -> str:
        """Whom to ask and how, as a sentence."""
        contact = f"，{self.office_contact}" if self.office_contact else ""
        return f"联系单位：{self.office}{contact}，电话{self.help_number}。"


def by_street(setting: Setting) -> Signature:
    """Return the signature of the street."""
    return Signature((setting.street,), setting.today)


def by_community(setting: Setting) -> Signature:
    """Return the signature of the community."""
    return Signature((setting.community,), setting.today)


def by_both(setting: Setting) -> Signature:
    """Return the signature of the street and the community, each once."""
    return Signature(tuple(dict.fromkeys((setting.street, setting.community))), setting.today)


def written(
    setting: Setting,
    title: str,
    *,
    opening: Iterable[str],
    sections: Iterable[tuple[str, Iterable[str], PaperTable | None]],
    signature: Signature,
    closing: str = "",
    addressee: str = "",
    link: tuple[str, str] = ("", ""),
    note: str = "",
    warning: Iterable[str] = (),
) -> PlainPaper:
    """Return a paper whose sections are numbered 一、二、三; ``link`` is an address and what it is for."""
    return PlainPaper(
        title=title,
        opening=tuple(opening),
        sections=tuple(
            PaperSection(f"{ordinal(index)}、{heading}", tuple(paragraphs), table)
            for index, (heading, paragraphs, table) in enumerate(sections, 1)
        ),
        signature=signature,
        closing=closing,
        addressee=addressee,
        url=link[0],
        url_words=link[1],
        note=note,
        warning=tuple(warning),
        rehearsal=setting.is_rehearsal,
    )


def ordinal(number: int) -> str:
    """Return a number below a hundred as headings write it: 十二."""
    tens, ones = divmod(number, 10)
    front = "" if not tens else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return front + (_DIGITS[ones] if ones or not tens else "")


def table(
    columns: Iterable[str], rows: Iterable[Iterable[object]], total: Iterable[object] = ()
) -> PaperTable:
    """Return a table of what the rows say, each cell as text."""
    return PaperTable(
        tuple(columns),
        tuple(tuple(map(str, row)) for row in rows),
        tuple(map(str, total)),
    )


def numbered(rows: Iterable[Iterable[object]]) -> list[tuple[object, ...]]:
    """Return the rows with their place in the list before them."""
    return [(index, *row) for index, row in enumerate(rows, 1)]


def lines(text: str) -> list[str]:
    """Return what an officer wrote as paragraphs."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def money(cents: int) -> str:
    """Return an amount with its unit as it stands in a sentence: ``30.00万元``."""
    return budget(cents).replace(" ", "")


def moment(at: datetime) -> str:
    """Return a moment as it stands in a sentence: ``2026年11月22日17:30``."""
    return day_clock(at).replace(" ", "")


def until(last: date | None) -> str:
    """Return up to when something is done, or that it follows the work."""
    return f"{day(last)}以前" if last else "按工作进度安排"
