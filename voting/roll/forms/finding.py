"""What somebody types to find people."""

from flask_wtf import FlaskForm

from voting.roll.rules.search import LONGEST_SEARCH
from voting.web.fields import sought
from voting.web.text import lazy_


class SearchForm(FlaskForm):
    """What a worker types to find somebody; empty ends the search."""

    text = sought(
        lazy_("查找居民"),
        LONGEST_SEARCH,
        hint=lazy_("填楼栋房号（3栋502）、姓，或证件号码的后四位。"),
    )
