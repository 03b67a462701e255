"""The outcome of a made-up vote, as the platform counts it: the verifier's own count is held against it."""

from collections import Counter

from tests.bundle.writing import Json, Pieces
from voting.ballots.rules import decode
from voting.rounds.rules import Allocation, BallotKind, CategoryQuota
from voting.tally.rules.allocation import Outcome
from voting.tally.rules.answer import answer
from voting.tally.rules.counting import Candidate
from voting.tally.rules.deciding import Declared, decide, draw_seed, public_seed, urn_digest
from voting.tally.rules.judging import Contents, Judged, Terms, contents_of, judge, shown_channels
from voting.tally.rules.thresholds import Turnout


def outcome_of(pieces: Pieces, said: dict[bytes, bytes], *, config: Json | None = None) -> Json:
    """Return the outcome as the platform counts it, test ballots and voided ones taken out.

    ``config`` are other rules than those that were frozen, for who wants to break them.
    """
    reveals = _reveals(pieces)
    same = sum(_says(said[slot], choices) for slot, choices in reveals.items() if slot in said)
    terms, declared, _, decimals = _platform_terms(pieces, config or pieces.config)
    contents = _contents(pieces, said)
    judged = judge(contents.said, terms)
    digest = _digest(pieces)
    facts = answer(
        decided(pieces, said, config=config),
        rule=declared.name,
        ballots=contents.ballots,
        decimals=decimals,
        vote_decimals=pieces.config.get("point_decimals", 0),
    )
    return (
        facts
        | _more(pieces, declared, judged)
        | {
            "blank": judged.blank,
            "invalid": judged.invalid,
            "flaws": {flaw.value: number for flaw, number in judged.flaws.items()},
            "channels": shown_channels(contents.channels),
            "urn_digest": digest.hex(),
            "draw_seed": (_seed(pieces, digest) or b"").hex(),
            "tests": {
                "drawn": sum(one["cards"] for one in pieces.of_kind("tests")),
                "revealed": len(reveals),
                "found": sum(slot in said for slot in reveals),
                "same": same,
            },
        }
    )


def decided(pieces: Pieces, said: dict[bytes, bytes], *, config: Json | None = None) -> Outcome:
    """Return who is funded, as the platform decides it."""
    terms, declared, candidates, _ = _platform_terms(pieces, config or pieces.config)
    return decide(
        judge(_contents(pieces, said).said, terms),
        terms=terms,
        declared=declared,
        candidates=candidates,
        seed=_seed(pieces, _digest(pieces)),
        turnout=_turnout(pieces, declared),
    )


def _more(pieces: Pieces, declared: Declared, judged: Judged) -> Json:
    turnout = _turnout(pieces, declared)
    more: Json = {"turnout": vars(turnout)} if turnout else {}
    if declared.least_share:
        more["least_votes"] = declared.votes_needed(judged.valid_count)
    return more


def _reveals(pieces: Pieces) -> dict[bytes, list[int]]:
    return {bytes.fromhex(one["slot"]): one["choices"] for one in pieces.of_kind("reveal")}


def _contents(pieces: Pieces, said: dict[bytes, bytes]) -> Contents:
    aside = {
        *_reveals(pieces),
        *(bytes.fromhex(one["slot"]) for one in pieces.of_kind("void")),
    }
    return contents_of(Counter(padded for slot, padded in said.items() if slot not in aside))


def _digest(pieces: Pieces) -> bytes:
    return urn_digest([bytes.fromhex(one["commitment"]) for one in pieces.of_kind("ballot")])


def _seed(pieces: Pieces, digest: bytes) -> bytes | None:
    if pieces.config.get("rules", {}).get("draw_way", "urn") == "urn":
        return draw_seed(pieces.config_hash, digest)
    drawn = pieces.of_kind("draw")
    return public_seed(bytes.fromhex(drawn[0]["root"]), drawn[0]["number"]) if drawn else None


def _says(padded: bytes, choices: list[int]) -> bool:
    try:
        return sorted(decode(padded).choices) == choices
    except ValueError:
        return False


def _platform_terms(pieces: Pieces, config: Json) -> tuple[Terms, Declared, list[Candidate], int]:
    gone = {one["number"] for one in pieces.of_kind("withdrawn")}
    if config["format"].startswith("loaded"):
        rules, decimals, steps = config, config["decimals"], config["tie_steps"]
        rows = [(n, id, cost, 0, "", None) for n, (id, cost) in enumerate(config["projects"], 1)]
        kind, least, points = config["kind"], 0, None
    else:
        rules = config["rules"]
        decimals, steps = rules["money_decimals"], ",".join(rules["tie_steps"])
        rows = [
            (
                one["number"], str(one["number"]), one["cost"], one["beneficiaries"],
                one.get("category", ""), one.get("rival_group"),
            )
            for one in config["candidates"]
        ]  # fmt: skip
        kind, least, points = rules["ballot_kind"], rules["min_choices"], rules["max_points"]
    terms = Terms(
        kind=BallotKind(kind),
        least=least,
        most=rules["max_choices"],
        most_points=points,
        ids={row[0]: row[1] for row in rows},
        withdrawn=frozenset(gone),
        spend_limit=rules.get("spend_limit"),
        costs={row[0]: row[2] for row in rows},
    )
    declared = Declared(
        allocation=Allocation(rules["allocation"]),
        funded_count=rules.get("funded_count"),
        least_votes=rules["least_votes"],
        budget=rules["budget"],
        tie_steps=steps,
        least_share=rules.get("least_share", 0),
        least_turnout=rules.get("least_turnout", 0),
        quotas=_quotas(rules),
    )
    candidates = [
        Candidate(id, cost, people, number in gone, category, rivals)
        for number, id, cost, people, category, rivals in rows
    ]
    return terms, declared, candidates, decimals


def _quotas(rules: Json) -> tuple[CategoryQuota, ...]:
    return tuple(
        CategoryQuota(name, rules.get(f"quota_{name}"), rules.get(f"quota_{name}_money"))
        for name in ("engineering", "equipment", "service")
    )


def _turnout(pieces: Pieces, declared: Declared) -> Turnout | None:
    """Return what the first checkpoint that covers the count says, held against the newest roll."""
    if not declared.least_turnout:
        return None
    covering = next(
        step for step in pieces.steps if any(one["kind"] == "tally" for one in step.entries)
    )
    changes = pieces.of_kind("roll_change")
    roll = changes[-1]["count"] if changes else pieces.config["roll_count"]
    return Turnout(sum(covering.rights.values()), roll, declared.least_turnout)
