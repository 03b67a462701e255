"""The outcome of a made-up vote, as the platform counts it: the verifier's own count is held against it."""

from collections import Counter
from dataclasses import replace

from tests.bundle.writing import Json, Pieces
from voting.ballots.rules import decode
from voting.rounds.rules import Allocation, BallotKind
from voting.tally.rules.answer import answer
from voting.tally.rules.counting import Candidate
from voting.tally.rules.deciding import Declared, decide, draw_seed, urn_digest
from voting.tally.rules.judging import Terms, contents_of, judge, shown_channels


def outcome_of(pieces: Pieces, said: dict[bytes, bytes], *, keeps_limit: bool = True) -> Json:
    """Return the outcome as the platform counts it, test ballots and voided ones taken out.

    Without ``keeps_limit`` a ballot inside a budget may spend what it likes.
    """
    reveals = {bytes.fromhex(one["slot"]): one["choices"] for one in pieces.of_kind("reveal")}
    aside = {*reveals, *(bytes.fromhex(one["slot"]) for one in pieces.of_kind("void"))}
    rest = Counter(padded for slot, padded in said.items() if slot not in aside)
    same = sum(_says(said[slot], choices) for slot, choices in reveals.items() if slot in said)
    commitments = [bytes.fromhex(one["commitment"]) for one in pieces.of_kind("ballot")]
    terms, declared, candidates, decimals = _platform_terms(pieces)
    if not keeps_limit:
        terms = replace(terms, spend_limit=None)
    contents = contents_of(rest)
    judged = judge(contents.said, terms)
    digest = urn_digest(commitments)
    seed = draw_seed(pieces.config_hash, digest)
    outcome = decide(judged, terms=terms, declared=declared, candidates=candidates, seed=seed)
    facts = answer(
        outcome,
        rule=declared.name,
        ballots=contents.ballots,
        decimals=decimals,
        vote_decimals=pieces.config.get("point_decimals", 0),
    )
    return facts | {
        "blank": judged.blank,
        "invalid": judged.invalid,
        "flaws": {flaw.value: number for flaw, number in judged.flaws.items()},
        "channels": shown_channels(contents.channels),
        "urn_digest": digest.hex(),
        "draw_seed": seed.hex(),
        "tests": {
            "drawn": sum(one["cards"] for one in pieces.of_kind("tests")),
            "revealed": len(reveals),
            "found": sum(slot in said for slot in reveals),
            "same": same,
        },
    }


def _says(padded: bytes, choices: list[int]) -> bool:
    try:
        return sorted(decode(padded).choices) == choices
    except ValueError:
        return False


def _platform_terms(pieces: Pieces) -> tuple[Terms, Declared, list[Candidate], int]:
    config, gone = pieces.config, {one["number"] for one in pieces.of_kind("withdrawn")}
    if config["format"].startswith("loaded"):
        rules, decimals, steps = config, config["decimals"], config["tie_steps"]
        rows = [(n, id, cost, 0) for n, (id, cost) in enumerate(config["projects"], 1)]
        kind, least, points = config["kind"], 0, None
    else:
        rules = config["rules"]
        decimals, steps = rules["money_decimals"], ",".join(rules["tie_steps"])
        rows = [
            (one["number"], str(one["number"]), one["cost"], one["beneficiaries"])
            for one in config["candidates"]
        ]
        kind, least, points = rules["ballot_kind"], rules["min_choices"], rules["max_points"]
    terms = Terms(
        kind=BallotKind(kind),
        least=least,
        most=rules["max_choices"],
        most_points=points,
        ids={number: id for number, id, _, _ in rows},
        withdrawn=frozenset(gone),
        spend_limit=rules.get("spend_limit"),
        costs={number: cost for number, _, cost, _ in rows},
    )
    declared = Declared(
        allocation=Allocation(rules["allocation"]),
        funded_count=rules.get("funded_count"),
        least_votes=rules["least_votes"],
        budget=rules["budget"],
        tie_steps=steps,
    )
    candidates = [
        Candidate(id, cost, people, withdrawn=number in gone) for number, id, cost, people in rows
    ]
    return terms, declared, candidates, decimals
