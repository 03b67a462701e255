import io
import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PIL import Image

from tests.papers import embedded, fonts, open_pdf, pages, words
from voting.adapters import pdf, qr
from voting.adapters.pdf import (
    ForbiddenAddress,
    Limits,
    Paper,
    PaperFault,
    PaperTooLarge,
    Typesetter,
)

STYLED = "<html lang=zh-CN><head><title>公示</title><link rel=stylesheet href='asset:official.css'>"
SECRET = "local-secret-9f2c"

# Sixteen ways to name a resource; {url} is an address on this machine or a file of it.
WAYS = {
    "picture": "<img src='{url}'>",
    "style sheet": "<link rel=stylesheet href='{url}'>",
    "import": "<style>@import url('{url}');</style>",
    "background": "<p style=\"background:url('{url}')\">x</p>",
    "typeface": "<style>@font-face{{font-family:f;src:url('{url}')}}p{{font-family:f}}</style><p>x</p>",
    "list mark": "<ul><li style=\"list-style-image:url('{url}')\">x</ul>",
    "content": "<style>p::before{{content:url('{url}')}}</style><p>x</p>",
    "border": "<p style=\"border-image:url('{url}') 1\">x</p>",
    "mask": "<p style=\"mask-border-source:url('{url}');border:1px solid\">x</p>",
    "object": "<object data='{url}'></object>",
    "embed": "<embed src='{url}'>",
    "svg image": "<svg width=9 height=9><image href='{url}' width=9 height=9 /></svg>",
    "page": "<style>@page{{background:url('{url}')}}</style><p>x</p>",
    "attachment": "<link rel=attachment href='{url}'>",
    "attached link": "<a rel=attachment href='{url}'>x</a>",
    "base": "<base href='{url}'><img src='x.png'>",
}


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter(fonts()) as found:
        yield found


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/canary.png", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_no_way_to_name_a_resource_reaches_the_network(
    typesetter: Typesetter, canary: tuple[str, list[str]], way: str
) -> None:
    url, asked = canary
    with pytest.raises(ForbiddenAddress):
        typesetter.typeset(Paper(way.format(url=url)))
    assert asked == []


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_no_way_to_name_a_resource_reads_a_local_file(
    typesetter: Typesetter, tmp_path: Path, way: str
) -> None:
    (tmp_path / "secret.txt").write_text(SECRET)
    with pytest.raises(ForbiddenAddress):
        typesetter.typeset(Paper(way.format(url=f"file://{tmp_path}/secret.txt")))


@pytest.mark.parametrize(
    "address",
    ["data:image/svg+xml,<svg/>", "logo.png", "//127.0.0.1/x", "asset:unknown", "ASSET:../x", "ftp://x/y"],
)  # fmt: skip
def test_only_names_that_were_given_are_resolved(typesetter: Typesetter, address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        typesetter.typeset(Paper(f'<img src="{address}">'))


def test_a_picture_inside_a_drawing_is_refused_as_well(
    typesetter: Typesetter, canary: tuple[str, list[str]]
) -> None:
    url, asked = canary
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{url}' width='9' height='9'/></svg>"
    )
    with pytest.raises(ForbiddenAddress):
        typesetter.typeset(Paper("<img src=asset:a.svg>", {"a.svg": drawing.encode()}))
    assert asked == []


def test_a_typesetter_goes_on_after_a_refusal(typesetter: Typesetter) -> None:
    with pytest.raises(ForbiddenAddress):
        typesetter.typeset(Paper("<img src=/etc/passwd>"))
    assert words(typesetter.typeset(Paper("<p>ok"))).strip() == "ok"


def test_a_paper_has_title_language_and_its_assets(typesetter: Typesetter) -> None:
    code = qr.png("HTTPS://VOTE.EXAMPLE.CN", scale=2)
    content = typesetter.typeset(Paper(f"{STYLED}<p>正文<img src=asset:c.png>", {"c.png": code}))
    reader = open_pdf(content)
    assert reader.metadata.title == "公示"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert len(reader.pages[0].images) == 1


def test_a_rare_character_of_a_name_comes_from_the_wide_typeface(typesetter: Typesetter) -> None:
    content = typesetter.typeset(Paper(f"{STYLED}<p>某㛃、某䶮、某昇、120㎡"))
    assert embedded(content) <= {
        "FandolFang-Regular",
        "FandolSong-Regular",
        "NotoSerifCJKjp-Regular",
    }
    assert "NotoSerifCJKjp-Regular" in embedded(content)  # the file's faces share one outline table
    assert "某㛃、某䶮、某昇、120㎡" in words(content)


def test_a_character_no_typeface_has_is_said_in_the_log(
    typesetter: Typesetter, caplog: pytest.LogCaptureFixture
) -> None:
    typesetter.typeset(Paper(f"{STYLED}<p>某\U00031350"))
    assert "\U00031350" in caplog.text


def test_lines_are_equally_high_and_reach_the_margin_whatever_typeface_they_mix(
    typesetter: Typesetter,
) -> None:
    mixed = "共收到建议928份，合并为48项，推选候选项目39项；㛃" * 12
    lines = pages(typesetter.typeset(Paper(f"{STYLED}<body><p>{mixed}")))[0]
    body = [line for line in lines if line.base < 260]
    pitches = [b.base - a.base for a, b in itertools.pairwise(body)]
    assert pitches == pytest.approx([10.2272] * len(pitches), abs=0.05)
    assert [line.right for line in body[:-1]] == pytest.approx([184] * (len(body) - 1), abs=0.6)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(cpu_seconds=1),
        Limits(wall_seconds=1.5),
        Limits(memory_bytes=400 * 1024**2),
    ],
    ids=["processor", "clock", "memory"],
)
def test_a_paper_that_takes_too_much_is_given_up(limits: Limits) -> None:
    endless = "<table>" + "<tr><td>项目名称<td>预算" * 20_000
    with pytest.raises(PaperTooLarge) as refusal:
        pdf.render(endless, fonts=fonts(), limits=limits)
    assert "分几次生成" in str(refusal.value)


def test_a_fault_of_the_child_says_what_happened() -> None:
    with pytest.raises(PaperFault, match="surrogates"):
        pdf.render("<p>\ud800", fonts=fonts())


def test_a_dead_typesetter_does_not_hang() -> None:
    with Typesetter(fonts()) as typesetter:
        typesetter._child.kill()
        typesetter._child.wait()
        with pytest.raises(PaperTooLarge):
            typesetter.typeset(Paper("<p>x" * 100_000))


def test_many_papers_become_one_and_progress_is_told() -> None:
    heard: list[int] = []
    papers = (Paper(f"{STYLED}<p>第{number}份", sheets=2) for number in range(3))
    content = pdf.render_many(papers, fonts=fonts(), title="合订", progress=heard.append)
    reader = open_pdf(content)
    assert heard == [2, 4, 6]
    assert reader.metadata.title == "合订"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert ["第1份" in page.extract_text() for page in reader.pages] == [False, True, False]


def test_a_page_can_be_had_as_a_picture(typesetter: Typesetter) -> None:
    content = typesetter.typeset(Paper(f"{STYLED}<p>正文"))
    image = Image.open(io.BytesIO(pdf.picture(content, dpi=50)))
    assert image.format == "PNG"
    assert image.size == pytest.approx((210 / 25.4 * 50, 297 / 25.4 * 50), abs=1)
