"""Papers about an objection to a result: its register, its answer, the correction."""

from voting.conduct.rules.papers.setting import (
    NONE,
    Setting,
    by_community,
    by_street,
    lines,
    table,
    written,
)
from voting.figures import day, day_range
from voting.notices.rules import PlainPaper


def objection(setting: Setting) -> PlainPaper:
    """Return the 异议登记表: what was objected and when, never by whom."""
    facts = [
        ("提出日期", day(setting.day or setting.today)),
        ("登记日期", day(setting.today)),
        ("受理人", setting.person or NONE),
        ("答复期限", f"受理后{setting.answer_days}个工作日内"),
    ]
    return written(
        setting,
        f"{setting.title}票决结果异议登记表",
        opening=(
            "公示期内收到异议一件，登记如下。异议人的姓名和联系方式另存，不写入本表，不公开。",
        ),
        sections=(
            ("登记", (), table(("事项", "内容"), facts)),
            ("异议的事实", lines(setting.reason), None),
            (
                "经办签字",
                (),
                table(("身份", "签字", "日期"), (("受理人", "", ""), ("复核人", "", ""))),
            ),
        ),
        signature=by_community(setting),
    )


def answer(setting: Setting, *, is_upheld: bool, asked: str) -> PlainPaper:
    """Return the 异议处理意见书; ``asked`` is what was objected, as it was registered."""
    verdict = "异议成立，予以更正，重新公示。" if is_upheld else "异议不成立，原公示结果不变。"
    return written(
        setting,
        f"关于{setting.title}票决结果异议的处理意见书",
        opening=(f"对公示期内收到的异议，经核查，提出处理意见如下。结论：{verdict}",),
        sections=(
            ("异议的事实", lines(asked) or ["见异议登记表。"], None),
            ("核查情况和处理意见", lines(setting.reason), None),
            (
                "答复",
                (
                    f"处理人：{setting.person or NONE}。答复日期：{day(setting.day or setting.today)}。",
                    "本意见书交异议人一份，存档一份；异议人的信息不公开。",
                ),
                None,
            ),
        ),
        signature=by_street(setting),
    )


def correction(setting: Setting) -> PlainPaper:
    """Return the 更正公示 with the new days of publicity."""
    return written(
        setting,
        f"关于{setting.title}票决结果的更正公示",
        opening=(
            f"{setting.title}票决结果公示期间收到异议，经核查成立。现将更正内容公示如下，公示时间重新计算。",
        ),
        sections=(
            ("更正内容", lines(setting.reason), None),
            ("公示时间", (public_days(setting),), None),
            (
                "异议提出方式",
                (
                    (
                        "对更正内容有异议的，请在公示期内以书面或者电话的方式实名提出，并说明具体事实。"
                        f"受理后{setting.answer_days}个工作日内答复，对反映人信息严格保密。{setting.asking}"
                    ),
                ),
                None,
            ),
        ),
        closing="特此公示。",
        signature=by_street(setting),
        link=(setting.url, "看网上全文"),
    )


def public_days(setting: Setting) -> str:
    """Return the days of publicity in force, as a sentence."""
    if setting.publicity_from is None or setting.publicity_to is None:
        return f"自张贴次日起{setting.publicity_days}个工作日。"
    span = day_range(setting.publicity_from, setting.publicity_to)
    return f"{span}（{setting.publicity_days}个工作日）。"
