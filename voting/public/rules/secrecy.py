"""How the secret of a vote is kept, and what can still go wrong, point by point (integrity.md §3.5, T8).

The page for residents and the handbook ``docs/guides/secrecy.md`` say the same points; a test compares.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SERVER, MONITORS = "server", "monitors"


@dataclass(frozen=True)
class Point:
    """What it is about, what is so, what a resident can do; ``way`` if it holds for one way only."""

    title: str
    text: str
    advice: str = ""
    way: str = ""


@dataclass(frozen=True)
class Chapter:
    """Points that belong together."""

    title: str
    points: tuple[Point, ...]

    def of(self, way: str) -> "Chapter":
        """Return the points that hold for one way to keep the key; for both where no way is given."""
        held = tuple(one for one in self.points if not way or one.way in {"", way})
        return Chapter(self.title, held)


CHAPTERS = (
    Chapter(
        "什么东西存在哪里",
        (
            Point(
                "名册",
                "记着谁可以投票：打了星号的姓名，和证件号码算出来的指纹。没有证件号码的原文。",
            ),
            Point(
                "划销",
                "名册旁边只记您用了投票的权利、哪一天、用哪种方式。不记几点几分，不记哪张卡，不记选了什么。"
                "哪天有多少人登记，结果审定以后公布，少于 10 人的日子和别的日子合在一起。",
            ),
            Point("投票卡", "只存卡号的指纹，和这张卡用没用过。不存什么时候用的，不存谁用的。"),
            Point(
                "海报码的核实",
                "扫海报投票的人核实以后，最多有 20 分钟存着这部手机是名册上的哪一位。"
                "投出的那一刻就删掉，投票结束以后一条也不留。填的姓名和号码不保存。",
            ),
            Point("票箱", "封好的选票放在随机的位置上，旁边没有姓名、时间、手机、地址和卡号。"),
            Point("公开账本", "只记封好的选票在哪个位置、指纹是什么。谁都能看，谁也打不开。"),
        ),
    ),
    Chapter(
        "为什么谁也看不到您选了什么",
        (
            Point(
                "投出就封好",
                "选票在投出的那一刻封上，所有选票封好以后一样长。没有开箱钥匙，谁也打不开，也看不出选了几项。",
            ),
            Point(
                "卡是您自己抽的",
                "不记名的卡装在打乱的信封里，您自己抽一张，没有任何记录写明哪张卡给了谁。"
                "寄给本人的记名卡，卡和人的联系在投票那一刻剪断。",
            ),
            Point(
                "一起封存，不分先后",
                "投票期间凑够 20 张才一起记进公开账本，按随机的位置排列，看不出谁先谁后。",
            ),
            Point(
                "开箱要两个人（钥匙在服务器上的轮次）",
                "开箱钥匙是数据库和备份以外的一个文件。要两个工作人员都同意才能开箱，监票人在场。",
                way=SERVER,
            ),
            Point(
                "钥匙在监票人手里（监票人保管钥匙的轮次）",
                "开箱钥匙印成三张纸，由三位监票人分开保管，任意两张合起来才能开箱。服务器上没有钥匙。",
                way=MONITORS,
            ),
            Point(
                "用完就销毁",
                "公示期满、异议办完以后，开箱钥匙销毁，并记进公开账本。从此谁拿到旧的备份也打不开选票。",
            ),
            Point(
                "回执不能证明选了什么",
                "回执只证明选票在票箱里。谁让您拿回执证明投了谁，您都可以说：做不到。",
            ),
        ),
    ),
    Chapter(
        "管理员拿到整个数据库，还能做什么",
        (
            Point(
                "看到谁用过权利",
                "能看到名册上哪些人已经领卡或者投票。",
                "这不等于知道您选了什么。不想让人知道您参加没参加，可以当面问清楚社区怎么管名册。",
            ),
            Point(
                "让网站停下来",
                "能让网站打不开、不收票。",
                "到现场投票点投，或者用纸质票；把打不开的时间记下来，告诉社区。",
            ),
            Point(
                "删掉或者塞进选票",
                "能动数据库里的选票，但是瞒不住：墙上的封存号、公布的人数和票数、您手里的回执都会对不上。",
                "留好回执，过一两天再查一次；看见“封存公告”拍张照，到公开账本里核对封存号。",
            ),
            Point(
                "在名册定下来以前加人",
                "能往名册里添人。名册的人数和指纹在发布投票通告时记进公开账本，以后再加就看得出来。",
                "看看通告里的名册人数合不合情理；可以到社区查自己在不在名册上。",
            ),
            Point(
                "把没来的人记成投过票",
                "光看账本看不出来，只有人能看出来。所以可以抽人回访，也让每个人都能查自己。",
                "到社区服务台问一句：“我有没有被记成已经投票？”接到回访，请照实说。",
            ),
            Point(
                "改程序",
                "能改正在运行的程序，从那一刻起把新投的选择记下来。任何网上投票都挡不住这一条，"
                "只能靠规矩：更新程序要两个人在场，监票人可以用暗访卡抽查。",
                "不放心，就用纸质票，一样算数。",
            ),
            Point(
                "拿到数据库又拿到钥匙文件（钥匙在服务器上的轮次）",
                "在钥匙销毁以前，能打开票箱里的选票。不记名的卡，打开了也不知道是谁投的；"
                "记名的卡、海报码投的票，有可能对上人。",
                "在意这一点，请用不记名的卡或者纸质票；也可以请街道在下一轮改由监票人保管钥匙。",
                way=SERVER,
            ),
            Point(
                "和两位保管人串通（监票人保管钥匙的轮次）",
                "管理员自己没有钥匙。要同两位保管钥匙的监票人串通，才能在销毁以前打开选票。",
                "监票人要选互不相干的人；您可以到场看开箱、看销毁。",
                way=MONITORS,
            ),
        ),
    ),
    Chapter(
        "管理员做不到什么",
        (
            Point("打开封好的选票", "没有开箱钥匙，看不到任何一张选票选了什么。"),
            Point("提前知道谁领先", "开箱以前没有任何票数，谁也看不到走势。"),
            Point("悄悄改掉一张已经封存的票", "改了，封存号、回执和重新计票都会对不上。"),
            Point("事后再查", "钥匙销毁以后，拿着全部数据和备份，也没法把任何人和任何选票对上。"),
        ),
    ),
    Chapter(
        "我们管不到的",
        (
            Point(
                "手机被人动过手脚",
                "手机里有坏软件，它能看到您屏幕上的一切。",
                "换一部手机，到现场投票点，或者用纸质票。",
            ),
            Point(
                "有人在旁边看着",
                "谁站在您身后，都看得见屏幕。",
                "请他走开；走不开，就到投票点单独填。回执给人看没关系，上面没有您选了什么。",
            ),
            Point(
                "请工作人员协助投票",
                "在场的两位工作人员看得见屏幕。系统只记谁协助、谁陪同，不记协助了谁、选了什么。",
                "信得过的家人可以一起来；一定要有两位工作人员在场，自己按“确认投票”，带走回执。",
            ),
            Point(
                "有人花钱买票、逼您投票",
                "系统看不见。",
                "别给卡，别给验证码；打监督电话。卡给了人，可以马上找社区作废补发。",
            ),
        ),
    ),
)


def chapters_of(way: str = "") -> Iterable[Chapter]:
    """Return all chapters, with the points that hold for one way to keep the key, or for both."""
    return [chapter.of(way) for chapter in CHAPTERS]
