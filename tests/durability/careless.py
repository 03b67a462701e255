"""The twin: the app as it would be if its sessions took whatever the server was told."""

from voting.app import create_app
from voting.persistence import session


def _leave_as_it_is(_connection: object, _record: object) -> None:
    pass


setattr(session, "_on_connect_to_server", _leave_as_it_is)  # noqa: B010 -- a name of another module
app = create_app()
