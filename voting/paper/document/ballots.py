"""The paper ballot as PDF: one form for each version, and of it as many copies as a batch has papers.

Copies differ in serial, code and bundle only. Where everything stands is ``voting.paper.rules.layout``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from voting.adapters import qr
from voting.adapters.pdf import Paper
from voting.adapters.pdf_press import Code, Copy, Digits
from voting.notices.document import Render, heading_lines, width
from voting.notices.rules import named_round, short_category
from voting.paper.rules.forms import rotated
from voting.paper.rules.layout import (
    BACK_SERIAL_TOP,
    CODE_LEFT,
    CODE_SIZE,
    CODE_TOP,
    SERIAL_RIGHT,
    SERIAL_TOP,
    Layout,
    layout_of,
)
from voting.paper.rules.serials import grouped

_TITLE_LIMIT, _LONG_TITLE_LIMIT, _BACK_TITLE_LIMIT = 20, 27, 34
_TWO_LINES = 2
_DIGIT = 2.3
_STUB_BUNDLE_RIGHT, _STUB_BUNDLE_TOP = 69.0, 261.69
_COVERS_AT_ONCE = 20
_POINT = 25.4 / 72
_NAME_WIDTH = 99.0
# Millimetres of a row, from where type of this size (title, sentence) may be used; 0 leaves the sentence out.
_SIZES = (
    (16.0, 18.0, 12.5),
    (12.0, 15.0, 10.5),
    (9.4, 13.5, 9.5),
    (8.0, 12.0, 8.5),
    (0.0, 12.0, 0.0),
)
_LEAST_LONE, _LINE, _ROOM = 9.5, 1.2, 0.8
_HIGH, _NEARLY, _TWICE = 16.0, 0.8, 1.9


@dataclass(frozen=True)
class BallotLine:
    """A candidate as it stands on the paper; ``cost`` in cents."""

    number: int
    title: str
    sentence: str
    category: str
    cost: int

    @property
    def kind(self) -> str:
        """The category in a narrow column."""
        return short_category(self.category)


@dataclass(frozen=True)
class BallotFacts:
    """What all papers of a batch share; ``batch`` is 0 on a sample.

    ``spending`` says to what a ballot inside a budget keeps; it is empty for other ballots.
    """

    round_title: str
    office: str
    most: int
    help_phone: str
    lines: Sequence[BallotLine]
    batch: int = 0
    versions: int = 1
    least: int = 1
    demo: bool = False
    rehearsal: bool = False
    spending: str = ""

    @property
    def title(self) -> str:
        """The file's title."""
        return f"{named_round(self.round_title)}项目选票"

    @property
    def heading(self) -> list[str]:
        """The title in lines."""
        return heading_lines(self.title, _LONG_TITLE_LIMIT if self.is_long else _TITLE_LIMIT)

    @property
    def back_heading(self) -> list[str]:
        """The title on the back in lines."""
        return heading_lines(self.title, _BACK_TITLE_LIMIT)

    @property
    def is_long(self) -> bool:
        """Whether the title needs small type: more than two lines of the usual one."""
        return len(heading_lines(self.title, _TITLE_LIMIT)) > _TWO_LINES

    @property
    def layout(self) -> Layout:
        """How the list is laid out; raise ListTooLong."""
        return layout_of(len(self.lines))


@dataclass(frozen=True)
class Printed:
    """What one paper has of its own; ``text`` is what its code says."""

    serial: str
    version: int
    bundle: int
    text: str


@dataclass(frozen=True)
class Cover:
    """The sheet that lies on a bundle: its number and how many papers of which serials follow."""

    bundle: int
    count: int


def form_paper(facts: BallotFacts, *, version: int, render: Render, sample: bool = False) -> Paper:
    """Return the form of one version: a page, or two."""
    lines = rotated(facts.lines, version=version, versions=facts.versions)
    html = render(
        "paper/print/ballot.html", facts=facts, lines=lines, layout=facts.layout, version=version,
        sample=sample,
    )  # fmt: skip
    return Paper(html, {"rows.css": _style(facts.layout, lines).encode()})


def glyph_paper(facts: BallotFacts, *, render: Render) -> Paper:
    """Return ten small pages, a figure on each."""
    return Paper(render("paper/print/glyphs.html", title=facts.title))


def cover_papers(facts: BallotFacts, covers: Sequence[Cover], *, render: Render) -> Iterator[Paper]:
    """Yield the covers of the bundles, one page each."""
    for at in range(0, len(covers), _COVERS_AT_ONCE):
        some = covers[at : at + _COVERS_AT_ONCE]
        html = render("paper/print/covers.html", facts=facts, covers=some, bundles=len(covers))
        yield Paper(html, sheets=len(some))


def copies(facts: BallotFacts, papers: Iterable[Printed]) -> Iterator[Copy]:
    """Yield the pages of a batch: source 0 holds the covers, source ``version`` the forms.

    ``papers`` come bundle by bundle. On paper for both sides every sheet has a back, the covers too.
    """
    sides, bundle = facts.layout.sides, 0
    for paper in papers:
        if paper.bundle != bundle:
            bundle = paper.bundle
            for side in range(sides):
                yield Copy(0, (bundle - 1) * sides + side)
        code = Code(qr.matrix(paper.text, border=2), CODE_LEFT, CODE_TOP, CODE_SIZE)
        left = _STUB_BUNDLE_RIGHT - len(str(bundle)) * _DIGIT
        stub = Digits(str(bundle), left, _STUB_BUNDLE_TOP, _DIGIT)
        yield Copy(paper.version, 0, (_serial(paper, SERIAL_TOP), stub), code)
        if sides > 1:
            yield Copy(paper.version, 1, (_serial(paper, BACK_SERIAL_TOP),))


def _serial(paper: Printed, top: float) -> Digits:
    text = grouped(paper.serial)
    long = len(paper.serial) * _DIGIT + text.count(" ") * _DIGIT / 2
    return Digits(text, SERIAL_RIGHT - long, top, _DIGIT)


def _style(layout: Layout, lines: Sequence[BallotLine]) -> str:
    """Return the style sheet that puts each row, and apart from it each square, in its place."""
    rules = [
        f".row {{ height: {layout.row}mm; line-height: {layout.row}mm; }}",
        f".box {{ height: {layout.box}mm; width: {layout.box}mm; }}",
    ]
    for at, line in enumerate(lines):
        box = layout.box_of(at)
        title, sentence, two = _sizes(layout.row, line)
        rules += [
            f".r{at} {{ top: {layout.row_top(at)}mm; }}",
            f".b{at} {{ left: {box.left}mm; top: {box.top}mm; }}",
            f".r{at} .title {{ font-size: {title:.2f}pt; {_WRAPPED if two else ''}}}",
            f".r{at} .sentence {{ {f'font-size: {sentence:.2f}pt' if sentence else 'display: none'}; }}",
        ]
    return "\n".join(rules)


_WRAPPED = "white-space: normal; "


def _sizes(row: float, line: BallotLine) -> tuple[float, float, bool]:
    """Return type sizes of title and sentence in points, and whether the title takes two lines.

    In a high row a title that is much too long for one line takes two. In others only one that would be tiny
    does, and then there is no room for the sentence.
    """
    title, sentence = next(sizes for least, *sizes in _SIZES if row >= least)
    lone, below = min(title, _fitting(line.title)), 0.0
    if line.sentence:
        below = min(sentence, _fitting(line.sentence))
    if row >= _HIGH and lone < title * _NEARLY:
        return min(title, _fitting(line.title) * _TWICE), below, True
    if lone < _LEAST_LONE:
        double = min(title, _fitting(line.title) * _TWICE, (row - _ROOM) / 2 / _LINE / _POINT)
        if double > lone:
            return double, 0.0, True
    return lone, below, False


def _fitting(text: str) -> float:
    """Return the type size in points at which a text fills the column."""
    return _NAME_WIDTH / (max(width(text), 1) / 2) / _POINT
