import re
from collections import Counter, deque
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.papers import words
from tests.visiting import read

MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
IDENTITY = re.compile(r"(?<![0-9])([0-9]{15}|[0-9]{17}[0-9Xx])(?![0-9])")
PHONE = re.compile(r"(?<![0-9-])0[0-9]{2,3}-?[0-9]{7,8}(?![0-9])")

# Pages are the same on either database, and each file of tests may load a demo of its own.
on_one_database = pytest.mark.parametrize("town", ["sqlite"], indirect=True)


@pytest.fixture
def everything_public(town):
    """What every public page and every paper says, by its path; read once in each town."""
    town.public = town.public or read_all(town.client())
    return town.public


# Pages made by one template from a thousand proposals say the same kind of things.
MOST_ALIKE = 20
ID = re.compile(
    r"[a-z2-7]{26}|[0-9]{4}-[0-9]{4}|(?<=page=)[0-9]+|(?<=first=)[0-9]+|(?<=second=)[0-9]+"
    r"|(?<=checkpoints/)[0-9]+"
)
# Digests hold any digits by chance; files for programs are no pages.
DIGEST = re.compile(r"[0-9a-f]{64}")
DATA = re.compile(r"(\.(png|txt|json|zip|py|xlsx)|/verify\.html)(\?|$)")
OPEN = re.compile(r"^/(api|embed)/")


def open_data(response, path):
    """Look for numbers of people where programs read; nothing there is a page."""
    assert response.status_code == 200, path
    text = DIGEST.sub("", response.get_data(as_text=True))
    assert MOBILE.findall(text) + IDENTITY.findall(text) == [], path
    return ""


def read_all(client):
    waiting, said = deque(["/"]), {}
    alike: Counter[str] = Counter()
    while waiting:
        path = urldefrag(waiting.popleft()).url
        if path in said or not path.startswith("/") or path.startswith("/desk"):
            continue
        alike[ID.sub("*", path)] += 1
        if alike[ID.sub("*", path)] > MOST_ALIKE:
            continue
        response = client.get(path)
        if path.endswith(".pdf"):
            said[path] = words(response.data)
        elif DATA.search(path):
            assert response.status_code == 200, path
            response.close()
            said[path] = ""
        elif OPEN.search(path):
            said[path] = open_data(response, path)
        else:
            # A paper of a round that is over still says where proposals were sent; that page says so kindly.
            closed = response.status_code == 409 and path.endswith("/propose")
            page = read(response, path, status=409 if closed else 200)
            said[path] = DIGEST.sub("", page.text)
            links = (urlsplit(link)._replace(scheme="", netloc="").geturl() for link in page.links)
            waiting.extend(links)
    return said


@on_one_database
def test_no_public_page_or_paper_shows_a_number_that_could_be_somebodys(everything_public):
    papers = [path for path in everything_public if path.endswith(".pdf")]
    assert len(papers) >= 5
    assert len(everything_public) > 15
    for path, text in everything_public.items():
        assert MOBILE.findall(text) == [], path
        assert IDENTITY.findall(text) == [], path
        assert {number[:9] for number in PHONE.findall(text)} <= {"0791-0000"}, path


@on_one_database
def test_every_public_page_and_paper_says_that_it_is_a_demo(everything_public):
    silent = [
        path
        for path, text in everything_public.items()
        if "演示" not in text and not (DATA.search(path) or OPEN.search(path))
    ]
    assert silent == []


@on_one_database
def test_every_round_that_is_public_can_be_reached_from_the_home_page(everything_public, town):
    for round in town.firsts[0].rounds:
        is_public = round.phase not in {"draft", "pending_approval"} and "演练" not in round.title
        assert (f"/rounds/{round.id}" in everything_public) == is_public, round.title


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("联系13870001234。", MOBILE), ("369999195408260003", IDENTITY), ("0791-86543210", PHONE)],
)
def test_what_must_not_be_shown_would_be_seen(text, pattern):
    assert pattern.search(text)
