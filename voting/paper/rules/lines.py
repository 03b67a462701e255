"""Numbers of a register's lines as somebody types them: ``3, 7 12-15``."""

import re

from voting.errors import Refusal

MOST = 500
_PART = re.compile(r"(\d{1,6})(?:[-—~～至到](\d{1,6}))?\Z")


class OddLines(Refusal):
    """Something typed is no number of a line."""

    msgid = "“%(part)s”不是序号。请填数字，用空格或逗号分开，连着的可以写成 12-15。"
    status = 422
    field = "lines"


class TooManyLines(Refusal):
    """More at once than anybody compares with paper."""

    msgid = "一次最多登记 %(most)d 个序号，请分几次。"
    status = 422
    field = "lines"


def read_lines(text: str) -> list[int]:
    """Return the numbers that were typed, each once, in order; raise OddLines or TooManyLines."""
    found: set[int] = set()
    for part in re.split(r"[\s,，、;；。]+", text.strip()):
        match = _PART.match(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not match or not 1 <= first <= last:
            raise OddLines(part=part[:20])
        if last - first >= MOST or len(found) > MOST:
            raise TooManyLines(most=MOST)
        found.update(range(first, last + 1))
    if len(found) > MOST:
        raise TooManyLines(most=MOST)
    return sorted(found)
