from datetime import UTC, datetime

from voting.journal.rules import GENESIS, canonical, chain

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_canonical_json_knows_one_spelling() -> None:
    assert canonical({"b": 1, "a": "区"}) == canonical({"a": "区", "b": 1}) == '{"a":"区","b":1}'


def test_every_part_of_an_entry_changes_its_hash() -> None:
    whole = chain(GENESIS, 0, AT, {"act": "round.create"})
    assert len(whole) == 32
    others = [
        chain(b"x" * 32, 0, AT, {"act": "round.create"}),
        chain(GENESIS, 1, AT, {"act": "round.create"}),
        chain(GENESIS, 0, AT.replace(microsecond=1), {"act": "round.create"}),
        chain(GENESIS, 0, AT, {"act": "round.change"}),
    ]
    assert len({whole, *others}) == 5
