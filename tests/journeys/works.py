"""What the journey's neighbours propose: works of 西湖区, and who asks for them."""

from typing import NamedTuple

from tests.factories.tally import REAL


class Work(NamedTuple):
    """A work; the cost is in cents."""

    title: str
    category: str
    place: str
    cost: int
    people: int


WORKS = tuple(Work(*row) for row in REAL[:6])
SENTENCES = (
    "雨水污水分开走，下大雨不再倒灌一楼",
    "化粪池清干净，院子里没有臭味",
    "头顶的电线收进管子，又好看又安全",
    "不用跺脚，灯自己亮",
    "原来停120辆，划好以后停141辆",
    "买菜走累了有地方坐",
)
PROPOSERS = ("张建国", "刘桂英", "孙立军", "马秀兰", "胡志明", "徐海燕")
# The meeting's list numbers them by their titles.
LISTED = tuple(sorted(WORKS, key=lambda work: work.title))
