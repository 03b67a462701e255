"""Reading pages the way a careful visitor would: every page visited is checked on the way."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]  # none are published
from werkzeug.test import TestResponse

_BUTTONS = {"submit", "button", "image", "reset"}


@dataclass(frozen=True)
class Form:
    """A form, with the values a browser would send if nobody changed anything."""

    action: str
    method: str
    values: Mapping[str, list[str]]


class Page:
    """A page as parsed by the rules of HTML 5."""

    def __init__(self, url: str, html: str, status: int = 200) -> None:
        self.url = url
        self.html = html
        self.status = status
        parser = HTMLParser(namespace_html_elements=False)
        self.root: Element = parser.parse(html)
        self.errors = [str(error) for error in parser.errors]

    def all(self, *tags: str) -> list[Element]:
        """Return the elements of these names, in the order of the page."""
        return [element for element in self.root.iter() if element.tag in tags]

    @cached_property
    def text(self) -> str:
        """What the page says, in one line."""
        return said(self.root.find("body"))

    @property
    def h1(self) -> str:
        """The heading of the page."""
        return said(self.all("h1")[0])

    @property
    def links(self) -> list[str]:
        """Where the links of the page lead."""
        return [urljoin(self.url, link.get("href", "")) for link in self.all("a")]

    @property
    def forms(self) -> list[Form]:
        """The forms of the page."""
        return [
            Form(
                urljoin(self.url, form.get("action", "")),
                form.get("method", "get").lower(),
                _values(form),
            )
            for form in self.all("form")
        ]

    def form(self, action: str | None = None) -> Form:
        """Return the one POST form of the page, or the one with this action."""
        found = [
            form
            for form in self.forms
            if form.method == "post" and (action is None or form.action == action)
        ]
        assert len(found) == 1, f"{len(found)} forms on {self.url}"
        return found[0]


def visit(client: FlaskClient, url: str, *, status: int = 200) -> Page:
    """Get a page; fail unless it answers ``status`` and is a sound page."""
    return read(client.get(url), url, status=status)


def submit(
    client: FlaskClient, page: Page, action: str | None = None, **changes: object
) -> TestResponse:
    """Post the page's form with these changes: a value, a list of values, or None for none."""
    form = page.form(action)
    data: dict[str, object] = {**form.values, **changes}
    return client.post(
        form.action, data={name: value for name, value in data.items() if value is not None}
    )


def read(response: TestResponse, url: str = "", *, status: int = 200) -> Page:
    """Return the page of a response; fail unless it has ``status`` and is a sound page."""
    assert response.status_code == status, f"{response.status_code} at {url}: {response.location}"
    page = Page(url or response.request.path, response.get_data(as_text=True), response.status_code)
    assert faults(page) == [], page.url
    return page


def said(element: Element | None) -> str:
    """Return the text of an element, in one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def faults(page: Page) -> list[str]:
    """Return what is wrong with a page, whoever it is for."""
    found = [f"HTML: {error}" for error in page.errors]
    if page.root.get("lang") != "zh-CN":
        found.append("no lang=zh-CN")
    if not said(page.root.find("head/title")):
        found.append("no title")
    if len(page.all("h1")) != 1 or not page.h1:
        found.append(f"{len(page.all('h1'))} h1")
    found += [
        f"no alt: {image.get('src')}" for image in page.all("img") if "alt" not in image.attrib
    ]
    ids = Counter(mark for element in page.root.iter() if (mark := element.get("id")))
    found += [f"id {mark} twice" for mark, times in ids.items() if times > 1]
    found += [f"no label: {_name(control)}" for control in _unnamed(page)]
    return found


def _is_tied(form: Form) -> bool:
    # A voter's forms carry their card's digest; typing a card or a size changes nothing.
    return "csrf_token" in form.values or "form" in form.values or form.action in {"/display", "/c"}


def _name(element: Element) -> str:
    return f"{element.tag} {element.get('name') or element.get('id') or ''}".strip()


def _unnamed(page: Page) -> Iterator[Element]:
    labels = [label for label in page.all("label") if said(label)]
    targets = {label.get("for") for label in labels}
    inside = {id(control) for label in labels for control in label.iter()}
    for control in page.all("input", "select", "textarea", "button"):
        kind = control.get("type", "")
        if kind == "hidden" or control.get("aria-label") or control.get("aria-labelledby"):
            continue
        if control.tag == "button":
            named = bool(said(control)) or any(image.get("alt") for image in control.iter("img"))
        elif control.tag == "input" and kind in _BUTTONS:
            named = bool(control.get("value") or control.get("alt"))
        else:
            named = control.get("id", "-") in targets or id(control) in inside
        if not named:
            yield control


def _values(form: Element) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for control in form.iter():
        name = control.get("name")
        if name:
            values.setdefault(name, []).extend(_value(control))
    return {name: value for name, value in values.items() if value}


def _value(control: Element) -> list[str]:
    if control.tag == "textarea":
        return ["".join(control.itertext())]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if "selected" in option.attrib]
        if not chosen and "multiple" not in control.attrib:
            chosen = options[:1]
        return [option.get("value", said(option)) for option in chosen]
    if control.tag != "input" or control.get("type") in _BUTTONS | {"file"}:
        return []
    if control.get("type") in {"checkbox", "radio"}:
        return [control.get("value", "on")] if "checked" in control.attrib else []
    return [control.get("value", "")]
