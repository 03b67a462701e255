"""The key of the urn: made, printed into two recovery sets, one of them typed in again line by line."""

import re

from tests import papers
from tests.journeys.founding import to_round
from tests.journeys.people import Officer

_LINE = re.compile(r"^\s*\d{1,2}\s+((?:[A-Z2-7]{5}\s+){4}[A-Z2-7]{4})\s*$", re.MULTILINE)


def keep_the_key(street: Officer) -> None:
    to_round(street)
    street.reads("开箱的钥匙还没有备好")
    to_round(street, "钥匙")
    street.look("key-not-made")
    street.press("生成钥匙")
    street.fill(kept_at="街道保险柜；社区书记办公室铁皮柜")
    content = street.download("下载恢复袋（PDF）")
    street.album.keep_sheets(content, "recovery-sets", sheets=2)
    first, second = (_lines(page.extract_text()) for page in papers.open_pdf(content).pages)
    assert len(first) == len(second) == 17
    slip = [*first[:2], first[2][::-1], *first[3:]]
    street.fill(first="\n".join(slip))
    street.press("读回核对")
    street.reads("第 3 行有误")
    street.look("key-with-a-slip")
    street.fill(first="\n".join(second))
    street.press("读回核对")
    street.reads("和服务器用的一样", "钥匙备好了")
    street.look("key-ready")


def _lines(text: str) -> list[str]:
    return [found.group(1) for found in _LINE.finditer(text)]
