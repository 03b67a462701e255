"""What every form's fields take and refuse, whatever stage asks."""

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from voting.reading import WAN, YUAN
from voting.web.fields import cents, day, digits, key, number, phone, text, ticks, unit


class _Form(FlaskForm):
    title = text("名称", 5, required="请填名称。")
    words = text("说明", 20, area=True)
    count = number("数量", 1, 9)
    dial = phone("电话")
    on = day("日期")
    cost = digits("金额")
    cost_unit = unit("单位", YUAN, offered=(YUAN, WAN))
    which = ticks(
        "哪几项", choices=[SelectChoice("a", "甲"), SelectChoice("b", "乙")], strange="没有这一项。"
    )
    key = key()


GOOD = {"title": "长椅", "cost": "1.5", "cost_unit": str(WAN)}


def _sent(app, **changes):
    with app.test_request_context():
        form = _Form(formdata=MultiDict(GOOD | changes), meta={"csrf": False})
        form.validate()
        return form, {name: str(said[0]) for name, said in form.errors.items()}


def test_what_is_well_filled_in_is_taken_and_tidied(app):
    form, wrong = _sent(app, title="  长椅 ", words="一\r\n二", count="０９", which="b")
    assert wrong == {}
    assert (form.title.data, form.words.data, form.which.data) == ("长椅", "一\n二", ["b"])
    assert cents(form.cost, form.cost_unit) == 15_000_00


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "请填名称。"),
        ({"title": "长" * 6}, "最多 5 个字。"),
        ({"title": "长\u202e椅"}, "文字里有看不见的字符。请删掉重新输入。"),
        ({"title": "长\n椅"}, "文字里有看不见的字符。请删掉重新输入。"),
        ({"words": "一\x00二"}, "文字里有看不见的字符。请删掉重新输入。"),
        ({"count": "10"}, "请填 1 到 9 之间的整数。"),
        ({"count": "几个"}, "请填数字，例如 30 或 12.5。"),
        ({"dial": "86500000"}, "请填 11 位手机号，或带区号的座机号，例如 0791-86500000。"),
        ({"on": "0206-11-23"}, "请检查年份。"),
        ({"which": "c"}, "没有这一项。"),
    ],
)
def test_what_is_not_gets_one_sentence(app, changes, sentence):
    _form, wrong = _sent(app, **changes)
    assert wrong == dict.fromkeys(changes, sentence)


def test_units_stand_in_the_order_a_stage_wants(app):
    form, _wrong = _sent(app)
    assert [value for value, *_ in form.cost_unit.iter_choices()] == [str(YUAN), str(WAN)]


def test_every_form_that_is_opened_has_a_key_of_its_own(app):
    with app.test_request_context():
        first, second = (_Form(meta={"csrf": False}) for _ in range(2))
    assert first.key.data != second.key.data
