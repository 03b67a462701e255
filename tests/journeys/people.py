"""People in front of browsers, as a journey tells of them, and the pictures of what they see."""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.browser import shoot
from voting.adapters import pdf
from voting.config import ROOT

# A part of a page that is wider than the page makes the whole page slide sideways under a thumb.
_SLIDES = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


class Album:
    """Pictures in the order in which they were taken: ``01-set-up``, ``02-…``."""

    def __init__(self) -> None:
        self._taken = 0

    def keep(self, page: Page, name: str, *sizes: str) -> None:
        """Keep one picture of the page, or one in each of these sizes of type."""
        self._taken += 1
        numbered = f"{self._taken:02d}-{name}"
        if not sizes:
            shoot(page, numbered)
        for size in sizes:
            choose_size(page, size)
            shoot(page, f"{numbered}-{size}")

    def keep_sheets(self, content: bytes, name: str, sheets: int) -> None:
        """Keep pictures of the first sheets of a paper."""
        self._taken += 1
        folder = Path(os.environ.get("VOTING_VAR") or ROOT / "var") / "pictures"
        for sheet in range(sheets):
            drawn = pdf.picture(content, dpi=80, page=sheet)
            (folder / f"{self._taken:02d}-{name}-{sheet + 1}.png").write_bytes(drawn)


def choose_size(page: Page, size: str) -> None:
    """Press the button for a size of type at the foot of the page."""
    page.locator(f".size.all button[value={size}]").click()
    page.locator(f"html[data-size={size}]").wait_for(state="attached")


def slides_sideways(page: Page) -> bool:
    """Tell whether the page is wider than the screen."""
    slides: bool = page.evaluate(_SLIDES)
    return slides


def read_code(picture: Locator) -> str:
    """Return what a camera reads from a code on the screen."""
    image = Image.open(io.BytesIO(picture.screenshot()))
    (code,) = zxingcpp.read_barcodes(image)
    text: str = code.text
    return text


@dataclass
class Person:
    """Somebody in front of a page of the platform at ``url``."""

    page: Page
    url: str
    album: Album

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    @property
    def part(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("main")

    def open(self, path: str) -> None:
        """Go to a page by its address."""
        self.page.goto(path if path.upper().startswith("HTTP") else self.url + path)

    def reads(self, *sentences: str) -> None:
        """Fail unless the page says all of this."""
        text = self.text
        for sentence in sentences:
            assert sentence in text, f"{sentence!r} is missing from {self.page.url}:\n{text}"

    def press(self, name: str, within: str = "main") -> None:
        """Press the button or link of this name, and wait for the page it leads to."""
        place = self.page.locator(within)
        button = place.get_by_role("button", name=name, exact=True)
        with self.page.expect_navigation():
            button.or_(place.get_by_role("link", name=name, exact=True)).first.click()

    def fill(self, **answers: Any) -> None:
        """Answer questions of the form by the names of its fields."""
        for name, answer in answers.items():
            self._answer(self.part.locator(f'[name="{name}"]'), answer)

    def open_folded(self) -> None:
        """Unfold the part of the form that starts folded."""
        self.part.locator("summary").first.click()

    def look(self, name: str) -> None:
        """Keep a picture of the page."""
        self.album.keep(self.page, name)

    def download(self, name: str) -> bytes:
        """Press a link or button that leads to a file; return the file."""
        link = self.part.get_by_role("link", name=name, exact=True)
        with self.page.expect_download() as coming:
            link.or_(self.part.get_by_role("button", name=name, exact=True)).click()
        return Path(coming.value.path()).read_bytes()

    def fetch(self, name: str) -> bytes:
        """Return the file that a link leads to, where the browser would show it."""
        link = self.part.get_by_role("link", name=name, exact=True).first
        answer = self.page.request.get(self.url + str(link.get_attribute("href")))
        assert answer.ok, answer.status_text
        return answer.body()

    def _answer(self, field: Locator, answer: Any) -> None:
        kind = field.first.evaluate("field => field.type")
        if kind == "radio":
            self.part.locator(
                f'[name="{field.first.get_attribute("name")}"][value="{answer}"]'
            ).check()
        elif kind == "checkbox":
            field.set_checked(answer)
        elif kind == "select-one":
            wanted = field.locator("option").filter(has_text=answer).last
            field.select_option(wanted.get_attribute("value"))
        elif kind == "file":
            field.set_input_files(answer)
        else:
            field.fill(answer)


class Officer(Person):
    """Somebody at a desk."""

    def sign_in(self, name: str, password: str) -> None:
        """Come in by the door, unless one is in."""
        self.open("/sign-in")
        if not self.page.url.endswith("/sign-in"):
            return
        self.fill(sign_in_name=name, password=password)
        self.press("登录")

    def take(self, step: str, picture: str = "") -> None:
        """Take a step of the round on whose page one is, by way of the page that says what it will do."""
        self.press(step)
        if picture:
            self.look(picture)
        self.press(step)
        self.reads(f"办好了：{step}。")


class Resident(Person):
    """Somebody with a telephone; ``sizes`` are those in which pictures are kept."""

    sizes: tuple[str, ...] = ("elder", "normal")

    def look(self, name: str) -> None:
        """Keep a picture in each size; the last one stays."""
        self.album.keep(self.page, name, *self.sizes)
        assert not slides_sideways(self.page), self.page.url

    def choose(self, *numbers: int) -> None:
        """Tick candidates by their numbers, as a finger does: on the card, not on the little box."""
        for number in numbers:
            self.page.locator(f"label[for=c{number}]").click()

    def chosen(self) -> list[int]:
        """Return the numbers that are ticked."""
        ticked = self.page.locator("input[name=choice]:checked")
        return sorted(int(str(box.get_attribute("value"))) for box in ticked.all())
