"""A resident at the form of a proposal: where it is, and how it is filled in."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.sending import TYPED
from tests.visiting import submit, visit


def propose_url(round_id: str) -> str:
    """Return where a round takes proposals."""
    return f"/rounds/{round_id}/propose"


def write(
    client: FlaskClient, round_id: str, *, act: str = "check", **changes: object
) -> TestResponse:
    """Open the form, fill it in and press a button."""
    page = visit(client, propose_url(round_id))
    return submit(client, page, propose_url(round_id), **(TYPED | {"act": act} | changes))
