"""Reading a printed sheet of cards the way people do: a camera for the code, eyes for the rest."""

import re
from dataclasses import dataclass

from tests import papers

_COLUMN, _ROW, _TOP = 100, 95, 9  # millimetres, docs/adr/0014
_CARD = re.compile(
    r"存根\s*(?P<serial>\d\d-\d{4}-\d).*?(?P<short>(?:[A-Z2-7]{4}\s*){4}).*?验证码\s*(?P<check>\d{6})",
    re.DOTALL,
)


@dataclass(frozen=True)
class Card:
    """What somebody holds in their hand."""

    serial: str
    url: str
    short_code: str
    check_code: str


def cards_on_sheet(content: bytes, sheet: int = 0) -> list[Card]:
    """Return the cards of a sheet; fail unless every code belongs to the words around it."""
    text = papers.open_pdf(content).pages[sheet].extract_text()
    written = {int(card["serial"][-1]): card for card in _CARD.finditer(text)}
    seen = {_place(code): code.text for code in papers.codes(content, page=sheet)}
    assert seen.keys() == written.keys(), text
    return [
        Card(card["serial"], seen[place], card["short"].strip(), card["check"])
        for place, card in sorted(written.items())
    ]


def _place(code: papers.Code) -> int:
    return 1 + int(code.left > _COLUMN) + 2 * int((code.top - _TOP) // _ROW)
