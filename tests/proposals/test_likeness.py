import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.proposals.rules.likeness import (
    LEAST_LIKE,
    MOST_SHOWN,
    Described,
    bigrams,
    likeness,
    most_alike,
)

# Pairs as residents of one estate would write them, and whether they wish for the same thing.
ALIKE = [
    (("给3栋加装无障碍扶手", "3栋楼道"), ("三栋楼道安装扶手", "3栋")),
    (("楼道扶手", "3号楼"), ("三栋楼道安装扶手", "3栋")),
    (("安装路灯", "小区北门"), ("北门增设照明路灯", "北门")),
    (("新增电动车充电桩", "12栋旁"), ("电瓶车充电棚", "8栋后面")),
    (("楼道声控灯", "5栋"), ("楼道灯不亮", "5栋")),
    (("ＬＥＤ路灯", "北门"), ("led路灯", "北门")),
]
APART = [
    (("修补破损路面", "中心花园"), ("更换健身器材", "中心花园")),
    (("新增电动车充电桩", "12栋旁"), ("增设停车位", "12栋旁")),
    (("加装电梯", "5栋2单元"), ("加装监控", "5栋2单元")),
    (("楼顶防水维修", "5栋"), ("晾衣杆", "5栋")),
    (("给老人免费理发", "社区活动室"), ("开设儿童暑期托管班", "社区活动室")),
]

TEXTS = st.text(alphabet="修路灯扶手3三栋楼道安装，。 A", max_size=12)


def alike(one, other):
    return bool(most_alike(one[0], one[1], [Described("other", other[0], other[1])]))


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_wish_in_other_words_is_found(one, other):
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_another_wish_for_the_same_place_is_not(one, other):
    assert not alike(one, other)


def test_width_case_numerals_and_names_of_houses_make_no_difference():
    assert bigrams("３号楼 ＬＥＤ 灯") == bigrams("三栋led灯") == bigrams("3幢LED灯！")


def test_words_of_every_wish_do_not_count():
    assert bigrams("希望给小区安装路灯") == bigrams("路灯")


@pytest.mark.parametrize("text", ["", "灯", "安装", "！？"])
def test_a_text_of_almost_nothing_can_be_compared(text):
    assert likeness(bigrams(text), bigrams(text)) == (100 if bigrams(text) else 0)


def test_at_most_five_are_shown_each_once_and_the_likest_first():
    others = [
        Described("same", "楼道里装扶手", "3栋"),
        Described("same", "楼道扶手", "3栋2单元"),
        *[Described(str(n), f"{n}栋楼道扶手", f"{n}栋") for n in range(4, 14)],
    ]
    found = most_alike("楼道里装扶手", "3栋", others)
    assert len(found) == MOST_SHOWN
    assert found[0].key == "same"
    assert len({one.key for one in found}) == MOST_SHOWN


@given(TEXTS, TEXTS)
def test_likeness_is_the_same_both_ways_and_whole_for_the_same(one, other):
    first, second = bigrams(one), bigrams(other)
    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= 100
    if first:
        assert likeness(first, first) == 100


@given(TEXTS, TEXTS)
def test_what_is_shown_is_at_least_as_like_as_the_threshold(title, place):
    for found in most_alike(title, place, [Described("x", "楼道扶手", "3栋")]):
        shared = bigrams(title) & bigrams(found.title)
        assert shared
        whole = bigrams(title) | bigrams(place)
        theirs = bigrams(found.title) | bigrams(found.place)
        best = max(likeness(bigrams(title), bigrams(found.title)), likeness(whole, theirs))
        assert best >= LEAST_LIKE
