import pytest
from flask import Flask

from voting.accounts.forms import SignInForm
from voting.accounts.rules import PasswordTooCommon
from voting.accounts.service import LastAdministrator
from voting.areas.forms import AddressForm
from voting.areas.rules import UnusableAddress
from voting.desk.forms import RetireForm
from voting.desk.service import ReceiverUnfit
from voting.errors import Refusal


@pytest.mark.parametrize(
    ("form", "beside", "field"),
    [
        (RetireForm, ReceiverUnfit(), "receiver_id"),
        (SignInForm, PasswordTooCommon(), "password"),
        (AddressForm, UnusableAddress(), "public_url"),
    ],
)
def test_a_refusal_stands_beside_its_field_or_at_the_head(
    app: Flask,
    form: type[RetireForm] | type[SignInForm] | type[AddressForm],
    beside: Refusal,
    field: str,
) -> None:
    with app.test_request_context("/", method="POST"):
        made = form()
        made.refuse(beside)
        assert made.errors == {field: [str(beside)]}
        made.refuse(LastAdministrator())
        assert made.form_errors == [str(LastAdministrator())]
