"""What residents write on paper: proposals in their own words, several of them meaning one work."""

from dataclasses import dataclass
from itertools import cycle, islice

from voting.demo.rules.works import Work


@dataclass(frozen=True)
class Voice:
    """A paper proposal; ``work`` is the title of the work it goes into when proposals are merged."""

    title: str
    reason: str
    work: str


# The first nine go into a list of 39 works: 48 proposals became 39 candidates in 朝阳小区.
VOICES = (
    Voice("主路太黑，想装几盏灯", "下晚班回来一路摸黑，踩过两次坑。", "小区主路加装太阳能路灯"),
    Voice("车子没地方停", "晚上八点以后进不来车，停在马路上又被贴条。", "重新划停车位"),
    Voice("电瓶车充电太危险", "楼上拉线下来充电，夜里睡觉不踏实。", "电动自行车充电棚"),
    Voice("后巷一下雨就淹", "一楼年年进水，家具都泡坏了。", "雨水管道清淤改造"),
    Voice("想有个坐下来歇脚的地方", "老人下楼没处坐，站一会儿又回去了。", "休闲小广场"),
    Voice("头上的电线太乱", "电线垂到阳台边，晾衣服都害怕。", "飞线整理入管"),
    Voice("健身器材都坏了", "三个转盘坏了两个，弹簧露在外面。", "健身器材更新"),
    Voice("楼梯间加个扶手", "我母亲八十三了，上楼要歇三回。", "楼道扶手和防滑条"),
    Voice("老人中午吃饭难", "子女上班，自己烧不动，天天吃剩的。", "老年食堂助餐"),
    Voice("路面坑坑洼洼", "推婴儿车颠得孩子直哭。", "破损道路修补"),
    Voice("孩子放学没人管", "四点半放学，我六点才下班。", "四点半托管班"),
    Voice("垃圾桶太臭", "夏天开不了窗，苍蝇也多。", "垃圾分类投放亭"),
    Voice("楼道灯一半不亮", "拎着菜找钥匙，全靠手机照。", "楼道声控灯更换"),
)


def own_words(work: Work) -> Voice:
    """Return the proposal of whoever had exactly this work in mind."""
    return Voice(work.title, f"{work.sentence}。{work.description}", work.title)


def voices_for(works: tuple[Work, ...], merged: int) -> list[Voice]:
    """Return one proposal for each work, and ``merged`` more that mean one of them; raise ValueError.

    When people wrote more than there are words for, some write what others wrote.
    """
    titles = {work.title for work in works}
    fitting = [voice for voice in VOICES if voice.work in titles]
    if merged and not fitting:
        raise ValueError("only 0 voices fit these works")
    own = [*map(own_words, works)]
    more = fitting if merged <= len(fitting) else cycle([*fitting, *own])
    return [*own, *islice(more, merged)]
