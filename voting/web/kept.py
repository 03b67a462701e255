"""Pages that thousands of voters see alike are rendered once and kept for a few seconds.

What differs from voter to voter stands in slots: the template is rendered with marks in their place, and
each answer fills the marks with escaped values. A frame costs a millisecond to render and microseconds to
fill; on a voting evening that is the difference between one machine and two.
"""

import time
from collections.abc import Callable, Hashable, Mapping

from flask import current_app, g, render_template
from markupsafe import Markup, escape

from voting.web.context import chosen_size

SECONDS = 10.0
_MOST = 256
# Private-use characters: no template, name or sentence can contain them (forms refuse them).
_FIRST_MARK = 0xF0000


def render_kept(
    template: str,
    *,
    key: Hashable,
    address: str,
    slots: Mapping[str, str | Markup],
    **context: object,
) -> str:
    """Render ``template``, reusing what was rendered for the same key in the last seconds.

    ``key`` must name everything in ``context`` that changes the page; a slot is a name the template
    prints. ``address`` is where the frame's size form returns to, with slots as ``{name}``. A slot named
    ``code`` keeps its length, so that filters which group characters still work.
    """
    marks = {
        name: _mark(index, len(value) if name == "code" else 1)
        for index, (name, value) in enumerate(slots.items())
    }
    page = _kept(
        (template, key, chosen_size()), lambda: _rendered(template, address, marks, context)
    )
    for name, mark in marks.items():
        value = str(escape(slots[name]))
        if len(mark) == 1:
            page = page.replace(mark, value)
        else:
            for letter, char in zip(mark, value, strict=True):
                page = page.replace(letter, char)
    return page


def _rendered(
    template: str, address: str, marks: Mapping[str, str], context: Mapping[str, object]
) -> str:
    g.next_path = address.format_map(marks)
    return render_template(template, **marks, **context)


def _mark(index: int, length: int) -> str:
    return "".join(chr(_FIRST_MARK + index * 256 + offset) for offset in range(length))


def _kept(key: Hashable, render: Callable[[], str]) -> str:
    kept: dict[Hashable, tuple[float, str]] = current_app.extensions.setdefault("voting.kept", {})
    expires, page = kept.get(key, (0.0, ""))
    if time.monotonic() < expires:
        return page
    page = render()
    if len(kept) >= _MOST:
        kept.clear()
    kept[key] = (time.monotonic() + SECONDS, page)
    return page
