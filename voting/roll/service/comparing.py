"""What a sheet says of people who are on the roll already."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.roll.models import Elector
from voting.roll.rules.columns import NAME, NUMBER
from voting.roll.rules.reading import Entry, Reading
from voting.roll.service.secrecy import RollKey, name_key, open_room

_CHUNK = 500
_Item = TypeVar("_Item")


class NameDiffers(Refusal):
    """The number is on the roll already, under another name."""

    msgid = "名册里已有这个证件号码，姓名却不一样。请对照证件核对姓名和号码。"
    status = 422


class StruckBefore(Refusal):
    """The person was struck from the roll; a file does not bring them back."""

    msgid = "这位居民已经从名册中除名。确实要恢复的，请在“补登记”里重新登记。"
    status = 422


class MaybeListed(Refusal):
    """Somebody of the same name at the same door is on the roll, with another number or none."""

    msgid = (
        "名册里已有同名、同住址的人，证件号码不同，可能是同一个人。请核对；确是两个人的，不用改。"
    )
    status = 422


def tell_known(
    session: Session, pepper: RollKey, round_id: str, known: Mapping[bytes, Entry], reading: Reading
) -> None:
    """Count people who are listed as repeated; tell those of another name or struck as faults."""
    for keys in chunks(list(known)):
        found = session.execute(
            select(Elector.id_key, Elector.name_key, Elector.struck_at).where(
                Elector.round_id == round_id, Elector.id_key.in_(keys)
            )
        )
        for id_key, kept_name, struck_at in found:
            entry = known[id_key or b""]
            if kept_name != name_key(pepper, entry.name):
                reading.reject(entry.row, NAME, NameDiffers())
            elif struck_at is not None:
                reading.reject(entry.row, NUMBER, StruckBefore())
            else:
                reading.repeated += 1


def tell_namesakes(
    session: Session, pepper: RollKey, round_id: str, new: Mapping[bytes, Entry], reading: Reading
) -> None:
    """Remark on new people whose name stands on the roll at the same door."""
    at_door = {
        (name_key(pepper, entry.name), entry.building, entry.room): entry
        for entry in new.values()
        if entry.room
    }
    for names in chunks(sorted({name for name, _building, _room in at_door})):
        found = session.execute(
            select(Elector.id_key, Elector.name_key, Elector.building, Elector.room_sealed).where(
                Elector.round_id == round_id,
                Elector.name_key.in_(names),
                Elector.room_sealed.is_not(None),
                Elector.struck_at.is_(None),
            )
        )
        for id_key, name, building, sealed in found:
            entry = at_door.get((name, building, open_room(pepper, sealed)))
            if entry and id_key not in new:
                reading.remark(entry.row, NUMBER, MaybeListed())


def chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Yield the items in parts that fit a statement."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
