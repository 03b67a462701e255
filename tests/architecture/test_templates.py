import pytest

from tests.architecture import template_rules as rules
from tests.architecture.planting import Check, Planted, cases, named
from tests.architecture.sources import Source, templates

PAGE = "templates/rounds/show.html"

PLANTED: Planted = {
    rules.unescaped: [
        (PAGE, "{{ round.title|safe }}"),
        (PAGE, "{% autoescape false %}{{ title }}{% endautoescape %}"),
    ],
    rules.inline_code: [
        (PAGE, "<style>p { color: red }</style>"),
        (PAGE, '<p style="color: red">'),
        (PAGE, "<script>alert(1)</script>"),
        (PAGE, '<button onclick="send()">'),
        (PAGE, '<a href="javascript:history.back()">'),
    ],
    rules.other_hosts: [
        (PAGE, '<script src="https://example.org/a.js"></script>'),
        (PAGE, '<img alt="" src="//example.org/a.png">'),
    ],
    rules.own_formatting: [
        (PAGE, "{{ (votes / turnout)|round(1) }}"),
        (PAGE, "{{ '%.2f' % share }}"),
        (PAGE, "{{ round.closes_at.strftime('%d') }}"),
    ],
    rules.long_templates: [(PAGE, "<p>\n" * 121)],
    rules.untranslated: [(PAGE, "<h1>投票</h1>"), (PAGE, '<img alt="票箱" src="/urn.svg">')],
    rules.unused_imports: [
        (PAGE, '{% from "_macros/forms.html" import field %}'),
        (PAGE, '{% import "_macros/forms.html" as forms %}'),
    ],
    rules.unknown_macros: [(PAGE, '{% from "_macros/forms.html" import feild %}{{ feild() }}')],
    rules.unused_macros: [("templates/_macros/forms.html", "{% macro field() %}{% endmacro %}")],
}

INNOCENT: Planted = {
    rules.unescaped: [(PAGE, "{# never |safe #}{{ safe_name }}")],
    rules.inline_code: [
        (PAGE, '<script src="/static/js/page.js" defer></script>'),
        (PAGE, '<p class="style" data-on="x">{{ icon(on=true) }}</p>'),
    ],
    rules.other_hosts: [(PAGE, '<img alt="" src="/static/a.png"><a href="https://example.org">')],
    rules.untranslated: [(PAGE, "{# 说明 #}{{ _('投票') }}{% trans %}票箱{% endtrans %}")],
    rules.unused_imports: [
        (
            PAGE,
            '{% from "_macros/forms.html" import field %}{% block a %}{{ field() }}{% endblock %}',
        ),
        (PAGE, '{% from "_macros/forms.html" import actions %}{% call actions() %}{% endcall %}'),
    ],
}


@pytest.mark.parametrize("check", named(PLANTED))
def test_the_templates_keep_their_conventions(check: Check) -> None:
    found = check(templates())
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("check", "source"), cases(PLANTED))
def test_a_planted_fault_is_found(check: Check, source: Source) -> None:
    assert len(check([source])) == 1


@pytest.mark.parametrize(("check", "source"), cases(INNOCENT))
def test_what_only_looks_like_a_fault_is_let_be(check: Check, source: Source) -> None:
    assert check([source]) == []
