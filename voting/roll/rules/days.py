"""How many people were marked on which days, told so that no day tells of a few. Plain values."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from voting.figures import LEAST_SHOWN


@dataclass(frozen=True)
class MarkedDays:
    """How many people were marked from the first to the last of these days; often one day."""

    first: date
    last: date
    marked: int


def shown_days(marked: Mapping[date, int], *, first: date, last: date) -> tuple[MarkedDays, ...]:
    """Return the days until ``last`` in stretches of at least ten people; nothing if all are fewer.

    A stretch is a day, or a day with those after it until ten are reached; what is left at the end joins
    the stretch before. The stretches are whole and add up to all, so nothing can be worked out from the
    sum. They begin at ``first``, or where the first person was marked before that. Who was written down
    after ``last``, from a list kept by hand, counts for ``last``.
    """
    counted: Counter[date] = Counter()
    for one, number in marked.items():
        counted[min(one, last)] += number
    if counted.total() < LEAST_SHOWN:
        return ()
    stretches: list[MarkedDays] = []
    begun, together = min(first, *counted), 0
    for day in _days(begun, last):
        together += counted[day]
        if together >= LEAST_SHOWN:
            stretches.append(MarkedDays(begun, day, together))
            begun, together = day + timedelta(days=1), 0
    if begun <= last:
        before = stretches.pop()
        stretches.append(replace(before, last=last, marked=before.marked + together))
    return tuple(stretches)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
