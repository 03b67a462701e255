"""How names are compared, and how people are shown."""

import unicodedata

_DOTS = str.maketrans(dict.fromkeys("•・･‧∙⋅.．", "·"))


_MOBILE_LENGTH = 11


def normalised_name(name: str) -> str:
    """Return a name as it is compared: no spaces, one kind of middle dot, one width, one case."""
    joined = "".join(unicodedata.normalize("NFKC", name).split())
    return joined.translate(_DOTS).casefold()


def masked_name(name: str) -> str:
    """Return a name as it is shown: its first character and a star (张*)."""
    return f"{name[:1]}*"


def masked_phone(phone: str) -> str:
    """Return a telephone as it is shown: 138****5678, or a landline by its last two digits."""
    if len(phone) == _MOBILE_LENGTH and phone.isdigit():
        return f"{phone[:3]}****{phone[-4:]}"
    return f"{phone[:-6]}****{phone[-2:]}"
