"""How the demo's residents vote: some works are liked more than others, nobody ticks all alike."""

from collections.abc import Sequence
from random import Random

from voting.demo.rules.works import WORKS, Work

# What it would take to fund the dearest work is known to everybody, and only one staircase gains by it.
_HARDLY = 0.02


def weights(works: Sequence[Work], random: Random) -> list[float]:
    """Return how much each work is liked: those for many people more, and a good deal of chance."""
    return [
        _HARDLY
        if work is WORKS[-1]
        else (0.4 + work.beneficiaries / 520) * random.lognormvariate(0, 0.4)
        for work in works
    ]


def choose(liked: Sequence[float], most: int, random: Random) -> list[int]:
    """Return the numbers one person ticks, from 1, at most ``most``; many use all their ticks."""
    several = random.choices(range(1, most + 1), [1 + size * size for size in range(most)])[0]
    # Efraimidis and Spirakis: the largest keys are a weighted sample without replacement.
    keys = [(random.random() ** (1 / weight), number) for number, weight in enumerate(liked, 1)]
    return [number for _key, number in sorted(keys, reverse=True)[:several]]
