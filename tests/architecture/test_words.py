import pytest

from tests.architecture import words
from tests.architecture.planting import Check, Planted, cases, named
from tests.architecture.python_rules import in_voting
from tests.architecture.sources import Source, python, templates

PAGE = "templates/rounds/show.html"

PLANTED: Planted = {
    words.synonyms: [
        (PAGE, "{{ _('提交提案') }}"),
        (PAGE, "<p>{% trans %}选票卡{% endtrans %}</p>"),
        (PAGE, '<a title="登陆">'),
        ("voting/cards/service.py", "class CardUsed(Refusal):\n    msgid = '令牌已使用。'"),
    ],
    words.technical: [(PAGE, "{{ _('哈希值') }}")],
}

INNOCENT: Planted = {
    words.synonyms: [
        (PAGE, "{# 提案 #}{{ _('提交建议') }}"),
        ("voting/proposals/service.py", '"""建议, never 提案."""\nTITLE = "建议"'),
    ],
    words.technical: [("templates/ledger/show.html", "{{ _('哈希值') }}")],
}


@pytest.mark.parametrize("check", named(PLANTED))
def test_what_a_person_reads_keeps_to_the_glossary(check: Check) -> None:
    found = check([*templates(), *in_voting(python())])
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("check", "source"), cases(PLANTED))
def test_a_planted_word_is_found(check: Check, source: Source) -> None:
    assert len(check([source])) == 1


@pytest.mark.parametrize(("check", "source"), cases(INNOCENT))
def test_a_word_in_a_comment_is_let_be(check: Check, source: Source) -> None:
    assert check([source]) == []
