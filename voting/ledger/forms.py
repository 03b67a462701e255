"""What the desk's page of a ledger sends."""

from voting.web.fields import text
from voting.web.refusing import RefusingForm
from voting.web.text import lazy_

_ADDRESS_MOST = 254


class ActForm(RefusingForm):
    """Nothing to fill in: pressing the button is the act."""


class WitnessForm(RefusingForm):
    """Somebody who is to be sent every checkpoint; what an address may be is law: see rules."""

    address = text(
        lazy_("邮箱地址"),
        _ADDRESS_MOST,
        required=lazy_("请填写邮箱地址。"),
        hint=lazy_("监票人、居民代表、记者都可以。每签一个封存点，就寄给他们一份。"),
    )
