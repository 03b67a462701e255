"""One address of open data as it is declared: what serves it, and what its answer looks like."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voting.api.rules.schemas import Schema, ref

JSON = "application/json"
_VARIABLE = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True)
class Parameter:
    """What may stand behind the question mark of an address."""

    name: str
    about: str
    schema: Schema


@dataclass(frozen=True)
class Endpoint:
    """An address below ``/api/v1``, written as routes are; ``answer`` names the schema of its JSON.

    ``serve`` takes the variables of the address and returns the body; what is no JSON has a ``kind`` of
    its own. ``example`` is what a reader may try, with ids as ``{area}``, ``{round}`` or ``{project}``.
    """

    name: str
    address: str
    about: str
    serve: Callable[..., Any]
    answer: str = ""
    kind: str = JSON
    parameters: tuple[Parameter, ...] = ()

    @property
    def variables(self) -> list[str]:
        """The names of what varies in the address."""
        return _VARIABLE.findall(self.address)

    @property
    def path(self) -> str:
        """The address as OpenAPI writes it."""
        return _VARIABLE.sub(r"{\1}", self.address)

    @property
    def schema(self) -> Schema:
        """The schema of the answer."""
        if self.answer:
            return ref(self.answer)
        return {"type": "object"} if self.kind == JSON else {"type": "string"}
