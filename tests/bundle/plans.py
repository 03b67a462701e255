"""What made-up votes shall be: their plans, their frozen texts, what their ballots say."""

import random
from dataclasses import dataclass

from tests.bundle.writing import Json, canonical

OWN_LENGTH = 96
CATEGORIES = ("engineering", "equipment", "service")


def chance(seed: int | str) -> random.Random:
    """Return a source of chance that a test can repeat."""
    return random.Random(seed)  # noqa: S311 -- made-up votes keep no secret


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a made-up vote shall be."""

    sort: str = "public"
    publication: str = "totals"
    kind: str = "approval"
    allocation: str = "greedy"
    least_votes: int = 0
    least_share: int = 0
    least_turnout: int = 0
    has_quotas: bool = False
    has_rivals: bool = False
    voters: int = 30
    projects: int = 6
    is_loaded: bool = False
    is_counted: bool = True
    is_destroyed: bool = False
    has_tests: bool = False
    has_withdrawn: bool = False
    has_cut: bool = False
    has_extension: bool = False
    has_paper: bool = False
    has_roll_changes: bool = False
    has_flaws: bool = False
    tie_steps: tuple[str, ...] = ("beneficiaries", "cost", "draw")
    draws_in_public: bool = False
    point_decimals: int = 0
    checkpoints: int = 3


def any_plan(rng: random.Random) -> Plan:
    """Return a plan of any sort."""
    sort = rng.choice(["public", "monitors", "sealed"])
    is_loaded = rng.random() < 0.3
    kinds = ["approval", "approval", "choose-1", "cumulative", "ordinal"]
    kind = rng.choice(kinds + ["knapsack"] * (2 * (not is_loaded)))
    return Plan(
        sort=sort,
        publication="full" if is_loaded else rng.choice(["totals", "full"]),
        kind=kind,
        allocation=rng.choice(["greedy", "greedy-stop"] + ["top-k"] * (not is_loaded)),
        least_votes=rng.choice([0, 0, 3]),
        least_share=rng.choice([0, 0, 150, 333]),
        least_turnout=rng.choice([0, 0, 20, 500]),
        has_quotas=rng.random() < 0.4,
        has_rivals=rng.random() < 0.4,
        voters=rng.choice([0, 1, 5, 20, 40, 60]),
        projects=rng.randrange(2, 9),
        is_loaded=is_loaded,
        is_counted=rng.random() < 0.8,
        is_destroyed=not is_loaded and rng.random() < 0.2,
        has_tests=not is_loaded and rng.random() < 0.4,
        has_withdrawn=rng.random() < 0.3,
        has_cut=not is_loaded and rng.random() < 0.3,
        has_extension=not is_loaded and rng.random() < 0.3,
        has_paper=not is_loaded and rng.random() < 0.3,
        has_roll_changes=not is_loaded and rng.random() < 0.3,
        has_flaws=rng.random() < 0.4,
        tie_steps=rng.choice([("beneficiaries", "cost", "draw"), ("draw",), ("cost",), ()]),
        point_decimals=2 if is_loaded and kind == "cumulative" and rng.random() < 0.5 else 0,
        checkpoints=rng.randrange(1, 6),
    )


def own_config(plan: Plan, rng: random.Random, round_id: str) -> Json:
    """Return the frozen text of a round of our own."""
    costs = [rng.randrange(1, 9) * 10000 for _ in range(plan.projects)]
    rules: Json = {
        "kind": "real", "budget": sum(costs) // 2, "currency": "CNY", "money_decimals": 2,
        "ballot_kind": plan.kind, "min_choices": 1, "max_choices": 3, "max_points": None,
        "allocation": plan.allocation, "funded_count": None, "least_votes": plan.least_votes,
        "tie_steps": list(plan.tie_steps), "publication": plan.publication, "seal_way": "server",
        "check_code": True, "hash_alg": "sha256",
    }  # fmt: skip
    rules |= _limits(plan, rng, max(costs))
    if plan.draws_in_public:
        rules["draw_way"] = "public"
    if plan.kind == "cumulative":
        rules["max_points"] = 10
    if plan.allocation == "top-k":
        rules["funded_count"] = 3
    if plan.kind == "knapsack":
        # Two projects of the middle: of ballots with three some keep to it and some do not.
        rules["spend_limit"] = sum(sorted(costs)[-2:])
    return {
        "format": "voting round config 1",
        "round": {"id": round_id, "title": "樟树社区“微实事”", "area": "樟树社区", "scope": ""},
        "rules": rules,
        "candidates": [
            {
                "number": number,
                "title": f"项目{number}",
                "cost": cost,
                "beneficiaries": 100 * (number % 2),
                **_of_kind(plan, number),
            }
            for number, cost in enumerate(costs, 1)
        ],
        "seal_public": rng.randbytes(32).hex(),
        "ballot_length": OWN_LENGTH,
        "roll_count": 500,
        "roll_hash": rng.randbytes(32).hex(),
    }


def _limits(plan: Plan, rng: random.Random, money: int) -> Json:
    """Return the rules that a text frozen before there were such rules does not name."""
    if not any((plan.least_share, plan.least_turnout, plan.has_quotas, plan.has_rivals)):
        return {}
    quotas = dict.fromkeys(
        f"quota_{category}{part}" for category in CATEGORIES for part in ("", "_money")
    )
    some = {"quota_engineering": rng.randrange(3), "quota_service_money": money}
    return {
        "least_share": plan.least_share,
        "least_turnout": plan.least_turnout,
        **quotas,
        **(some if plan.has_quotas else {}),
    }


def _of_kind(plan: Plan, number: int) -> Json:
    """Return category and rivals of a project: the first two, and the third with the fourth."""
    if not (plan.has_quotas or plan.has_rivals):
        return {}
    rivals = (number + 1) // 2 if plan.has_rivals and number <= 4 else None
    return {"category": CATEGORIES[number % 3], "rival_group": rivals}


def loaded_config(plan: Plan, rng: random.Random, round_id: str) -> Json:
    """Return the frozen text of a loaded election."""
    costs = [rng.randrange(1, 9) * 100 for _ in range(plan.projects)]
    projects = [[f"P-{rng.randrange(10**6)}ł{n}", cost] for n, cost in enumerate(costs)]
    return {
        "format": "loaded election 1",
        "round": round_id,
        "declared": "greedy",
        "kind": plan.kind,
        "budget": sum(costs) // 2,
        "decimals": 2,
        "point_decimals": plan.point_decimals,
        "allocation": plan.allocation,
        "least_votes": plan.least_votes,
        "max_choices": 3,
        "tie_steps": "cost,id",
        "projects": projects,
        "publication": "full",
    }


def choices_of(plan: Plan, rng: random.Random) -> bytes:
    """Return what one ballot says, not yet padded."""
    channel = "loaded" if plan.is_loaded else rng.choice(["card", "card", "card", "paper"])
    if plan.has_flaws and rng.random() < 0.2:
        return _flawed(channel, rng)
    number = rng.randrange(1, 4) if rng.random() < 0.95 else 0
    chosen = rng.sample(range(1, plan.projects + 1), min(number, plan.projects))
    if plan.kind != "ordinal":
        chosen.sort()
    ballot: Json = {"channel": channel, "choices": chosen}
    if plan.kind == "cumulative" and chosen:
        ballot["points"] = [rng.randrange(4) for _ in chosen]
    return canonical(ballot).encode()


def _flawed(channel: str, rng: random.Random) -> bytes:
    ballot: Json = {"channel": channel, "choices": [1, 2]}
    odd: list[bytes] = [
        canonical(ballot | {"choices": [1, 2, 3, 4]}).encode(),
        canonical(ballot | {"choices": [99]}).encode(),
        canonical(ballot | {"points": [-1, 2]}).encode(),
        b'{"channel":"fax","choices":[1]}',
        b'{"choices":[1],"channel":"card"}',
        b"[1,2",
        "选一".encode(),
    ]
    return rng.choice(odd)
