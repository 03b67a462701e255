"""Sets one paper after another, apart from the program: reads HTML on stdin, answers PDF on stdout.

Run by ``voting.adapters.pdf`` alone, as ``python -m voting.adapters.pdf_child CPU_SECONDS MEMORY_BYTES``.
Frames both ways (``voting.adapters.frames``). A request is a JSON header
``{"html", "title", "assets": [names]}`` followed by one frame per asset; an answer is a JSON header
``{"refused": [addresses], "lacking": characters}`` followed by the frame of the PDF.
"""

import json
import logging
import os
import resource
import signal
import sys
from typing import Any

from voting.adapters.frames import receive, send
from voting.adapters.pdf_lines import repair

_NOWHERE = "http://paper.invalid/"
OUT_OF_MEMORY = 70


def _shelve(assets: dict[str, bytes], refused: list[str]) -> Any:
    """Return a fetcher that knows the given names and notes every other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Shelf(URLFetcher):
        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 -- WeasyPrint's signature
            scheme, _, name = url.partition(":")
            if scheme != "asset" or name not in assets:
                refused.append(url[:200])
                raise ValueError("only the assets of the paper may be used")
            return URLFetcherResponse(url, assets[name], {"Content-Type": _kind(name)})

    return Shelf()


def _kind(name: str) -> str:
    return {"css": "text/css", "png": "image/png", "svg": "image/svg+xml", "jpg": "image/jpeg"}.get(
        name.rpartition(".")[2], "application/octet-stream"
    )


def typeset(
    html: str, assets: dict[str, bytes], title: str | None = None
) -> tuple[bytes, list[str], str]:
    """Return the PDF, the addresses that were refused, and the characters no typeface had."""
    from weasyprint import HTML

    refused: list[str] = []
    # With a base even a relative address reaches the fetcher, and is refused there, not just dropped.
    source = HTML(string=html, base_url=_NOWHERE, url_fetcher=_shelve(assets, refused))
    document = source.render()
    document.metadata.title = title or document.metadata.title
    content = document.write_pdf()
    lacking = {code for font in document.fonts.values() for code in font.missing}
    return content, refused, "".join(map(chr, sorted(lacking)))


def _limit_time(seconds: int) -> None:
    # The limit is per paper, the kernel counts per process: raise it by what has been used.
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def main(cpu_seconds: int, memory_bytes: int) -> None:
    """Answer requests until stdin ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not fall among the frames
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    repair()
    while (header := receive(sys.stdin.buffer)) is not None:
        _limit_time(cpu_seconds)
        request = json.loads(header)
        assets = {name: receive(sys.stdin.buffer) or b"" for name in request["assets"]}
        content, refused, lacking = typeset(request["html"], assets, request["title"])
        send(answers, json.dumps({"refused": refused, "lacking": lacking}).encode())
        send(answers, content)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
