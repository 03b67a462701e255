from dataclasses import replace

import pytest

from voting.paper.rules.sheet import (
    BundleFigures,
    Outcome,
    RoundFigures,
    Sheet,
    Waiting,
    differences,
)
from voting.paper.rules.sheet_text import (
    Change,
    SheetUnreadable,
    changes,
    read_sheet,
    write_sheet,
)
from voting.paper.rules.sheet_words import FIGURES, change_words, line_words, waiting_words

BUNDLE = BundleFigures(
    batch=2, bundle=3, holder="o1", holder_name="李敏", count=50, handed=40, spoiled=1, exchanged=2,
    returned=0, entered=30, invalid=4, unused=9,
)  # fmt: skip
ROUND = RoundFigures(
    paper_marks=38, exchanged_away=2, foreign=0, void_papers=0, cards=20, cards_printed=5,
    cards_void=3, bearer_spent=8, assigned_spent=4, card_handed_marks=8, card_cast_marks=4, tests=0,
    poster_marks=6, assisted_marks=7, assisted_left=0, voids=1, urn=12 + 6 + 7 + 30 + 1,
)  # fmt: skip
SHEET = Sheet((BUNDLE,), ROUND)


def said(sheet):
    return [msgid % values for msgid, values in map(line_words, differences(sheet))]


def with_bundle(**changes_):
    return Sheet((replace(BUNDLE, **changes_),), ROUND)


def with_round(**changes_):
    return Sheet((BUNDLE,), replace(ROUND, **changes_))


def test_figures_that_agree_add_up():
    assert differences(SHEET) == []
    assert SHEET.outcome_if_explained is Outcome.ADDS_UP
    assert (BUNDLE.missing, BUNDLE.back, BUNDLE.outstanding) == (0, 34, 4)


def test_a_missing_paper_is_named_with_batch_bundle_and_holder():
    assert said(with_bundle(unused=8)) == ["第 2 批第 3 本（保管人李敏）少 1 张"]
    assert said(with_bundle(unused=12)) == ["第 2 批第 3 本（保管人李敏）多 3 张"]
    assert said(with_bundle(unused=8, holder_name=""))[0].startswith(
        "第 2 批第 3 本（保管人未交保管人）"
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"paper_marks": 37}, "发出的纸质票 40 张，名册上的领票记录和换票应是 39 张，差 1 张"),
        ({"cards_void": 2}, "投票卡 20 张，未用、已用、作废合计 19 张，差 1 张"),
        ({"card_cast_marks": 5}, "用过的记名卡 4 张，名册上记名卡投票 5 人，差 1"),
        ({"card_handed_marks": 7}, "用过的不记名卡 8 张，登记发出的和暗访卡只有 7 张，多 1 张"),
        ({"urn": 55}, "票箱里有选票 55 张，各渠道合计应是 56 张，差 1 张"),
        ({"foreign": 2}, "票箱里有 2 张不是本轮的票"),
    ],
)
def test_every_sum_that_does_not_hold_is_a_line(changed, sentence):
    assert said(with_round(**changed)) == [sentence]
    assert with_round(**changed).outcome_if_explained is Outcome.EXPLAINED


def test_test_cards_are_spent_without_being_handed_out():
    assert said(with_round(card_handed_marks=5, tests=3)) == []


def test_who_came_to_be_helped_and_did_not_vote_is_a_line_and_no_hole_in_the_urn():
    sheet = with_round(assisted_left=1, urn=55)
    assert said(sheet) == ["有 1 人换票改成协助投票，后来没有投"]


def test_more_paper_back_than_went_out_makes_the_vote_void():
    much = with_bundle(entered=35)
    assert "收回的比发出的多 1 张" in said(much)[0]
    assert much.outcome_if_explained is Outcome.MORE_RETURNED
    # What was brought back unused did not stay out; what is taken home leaves room for no paper of others.
    assert with_round(foreign=4).outcome_if_explained is Outcome.EXPLAINED
    assert with_round(foreign=5).outcome_if_explained is Outcome.MORE_RETURNED


def test_one_bundle_with_too_many_may_be_explained_by_another_with_too_few():
    other = replace(BUNDLE, bundle=4, entered=20)
    sheet = Sheet((replace(BUNDLE, entered=35), other), ROUND)
    assert sheet.outcome_if_explained is Outcome.EXPLAINED


def test_a_sheet_survives_being_written_and_read():
    assert read_sheet(write_sheet(SHEET)) == SHEET
    assert write_sheet(read_sheet(write_sheet(SHEET))) == write_sheet(SHEET)
    for odd in ("", "{}", '{"bundles":[{}],"round":{}}', "[]"):
        with pytest.raises(SheetUnreadable):
            read_sheet(odd)


def test_what_changed_since_is_named_figure_by_figure():
    now = Sheet((replace(BUNDLE, unused=8, holder="o2"),), replace(ROUND, urn=57))
    found = changes(SHEET, now)
    assert found == [
        Change(2, 3, "unused", 9, 8), Change(2, 3, "holder", None, None), Change(0, 0, "urn", 56, 57),
    ]  # fmt: skip
    assert [msgid % values for msgid, values in map(change_words, found)] == [
        "第 2 批第 3 本的“剩余”从 9 变成 8", "第 2 批第 3 本换了保管人", "“票箱里的选票”从 56 变成 57",
    ]  # fmt: skip
    (new, *_) = changes(Sheet((), ROUND), SHEET)
    assert (new.name, new.before, new.after) == ("count", None, 50)


def test_every_figure_has_a_name():
    named = set(BundleFigures.__dataclass_fields__) | set(RoundFigures.__dataclass_fields__)
    assert named - {"batch", "bundle", "holder_name"} <= set(FIGURES)


def test_what_waits_is_said_with_what_to_do():
    nothing = Waiting(unsettled=0, unkeyed=0, once=0, disputed=0, voids=0, foreign=0, conflicts=0)
    assert not nothing
    assert list(waiting_words(nothing)) == []
    once = replace(nothing, once=2)
    assert once
    assert [msgid % values for msgid, values in waiting_words(once)] == [
        "有 2 张纸质票只录了一遍。请另一位工作人员到“录票”录第二遍。"
    ]
