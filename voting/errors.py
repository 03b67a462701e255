"""What the platform says when it cannot do what was asked.

A refusal is a fact about the world ("this card has been used"), not a fault of the program. It carries
a message id in Chinese and the values to fill in; the web and the command line translate and show it.
"""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """An act that is not possible now, with the sentence that says why and what to do.

    ``field`` names the form field it concerns, if any; ``status`` is the HTTP status of a page that
    can only show the sentence (409: the state does not allow it).
    """

    msgid: ClassVar[str] = "现在不能这样做。"
    status: ClassVar[int] = 409
    field: str | None = None

    def __init__(self, *, field: str | None = None, **values: object) -> None:
        self.values: Mapping[str, object] = values
        if field is not None:
            self.field = field
        super().__init__(self.msgid % values if values else self.msgid)


def quotes_values(error: BaseException) -> bool:
    """Tell whether an error, or one behind it, comes from the database: its text quotes what it was given.

    Such errors go to no log but by their type: names, keys and ballots would stand there.
    """
    seen: BaseException | None = error
    while seen is not None:
        if type(seen).__module__.startswith(("sqlalchemy", "psycopg", "sqlite3")):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


class CountedRefusal(Refusal):
    """A refusal that has itself been recorded: a wrong check code, a failed sign-in.

    The transaction commits before it is raised on; otherwise the count of tries would be rolled back
    together with the try.
    """


class NotFound(Refusal):
    """The thing does not exist, or not for this person: both get the same answer."""

    msgid = "没有找到您要的内容。"
    status = 404


class NotAllowed(Refusal):
    """The person is known but may not do this."""

    msgid = "您没有办理这件事的权限。"
    status = 403
