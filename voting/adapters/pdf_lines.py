"""Two repairs of WeasyPrint 70 that Chinese papers need, made in the child process only.

WeasyPrint justifies at spaces alone, so a line that ends early because a mark may not begin the next one
would stay short; and it lets a fallback typeface (digits in a 仿宋 line) make its line taller, so a page
would lose one of its 22 lines. Private functions are replaced: the tests that measure the right margin
and the distance of lines notice when a new version changes them.
"""

from typing import Any


def repair() -> None:
    """Justify between all characters, and let the first typeface alone decide a line's height."""
    from weasyprint.layout import inline

    split_first_line, strut = inline.split_first_line, inline.strut

    def split_with_equal_height(text: str, style: Any, *args: Any, **options: Any) -> Any:
        *found, height, _ = split_first_line(text, style, *args, **options)
        line_height, baseline = strut(style)
        return *found, height, baseline - (line_height - height) / 2

    def justify_line(_context: object, line: Any, extra_width: float) -> None:
        gaps = sum(len(text.text) for text in _texts(line)) - 1
        if gaps > 0:
            _widen(line, extra_width / gaps, 0)

    inline.split_first_line = split_with_equal_height
    inline.justify_line = justify_line


def _texts(box: Any) -> list[Any]:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        return [text for child in box.children for text in _texts(child)]
    return []


def _widen(box: Any, gap: float, shift: float) -> float:
    """Move a box by ``shift``, open its text by ``gap`` a character, return the shift that follows."""
    from weasyprint.formatting_structure import boxes

    if not isinstance(box, (boxes.TextBox, boxes.LineBox, boxes.InlineBox)):
        box.translate(shift, 0)
        return shift
    box.position_x += shift
    before = shift
    if isinstance(box, boxes.TextBox):
        box.style = box.style.copy()
        spacing = box.style["letter_spacing"]
        box.style["letter_spacing"] = (0 if spacing == "normal" else spacing) + gap
        shift += gap * len(box.text)
    else:
        for child in box.children:
            if child.is_in_normal_flow():
                shift = _widen(child, gap, shift)
    box.width += shift - before
    return shift
