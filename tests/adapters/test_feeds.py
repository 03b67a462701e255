import feedparser

from tests.factories.areas import NOW
from voting.adapters.feeds import Entry, Feed, write_feed


def test_what_xml_has_no_place_for_is_left_out() -> None:
    entry = Entry("k", "a\x00\x1b<b>&\ufffe", NOW, "https://x/?a&b", "一\n二")
    feed = Feed("f", "t", "a", "https://x", "https://x/f", [entry])
    found = feedparser.parse(write_feed(feed))
    assert not found.bozo
    assert found.entries[0].title == "a<b>&"
    assert found.entries[0].content[0].value == "一\n二"


def test_an_entry_is_known_by_its_key_for_ever() -> None:
    def ids(title: str) -> list[str]:
        feed = Feed(
            "f", "t", "a", "https://x", "https://x/f", [Entry("k", title, NOW, "https://x")]
        )
        return [one.id for one in feedparser.parse(write_feed(feed)).entries]

    assert ids("甲") == ids("乙") == ["urn:uuid:35e79833-3029-5460-97dc-59631f1aeccb"]
