"""Imports every table once, so that the metadata is whole."""

from voting.accounts import models as accounts
from voting.areas import models as areas
from voting.audits import models as audits
from voting.ballots import models as ballots
from voting.calendar import models as calendar
from voting.cards import models as cards
from voting.comparing import models as comparing
from voting.custody import models as custody
from voting.delivery import models as delivery
from voting.journal import models as journal
from voting.ledger import models as ledger
from voting.notices import models as notices
from voting.paper import models as paper
from voting.persistence import jobs, watch
from voting.persistence.base import Base
from voting.polling import models as polling
from voting.posters import models as posters
from voting.proposals import models as proposals
from voting.results import models as results
from voting.roll import models as roll
from voting.rounds import models as rounds
from voting.tally import models as tally
from voting.upkeep import models as upkeep

metadata = Base.metadata

__all__ = [
    "accounts",
    "areas",
    "audits",
    "ballots",
    "calendar",
    "cards",
    "comparing",
    "custody",
    "delivery",
    "jobs",
    "journal",
    "ledger",
    "metadata",
    "notices",
    "paper",
    "polling",
    "posters",
    "proposals",
    "results",
    "roll",
    "rounds",
    "tally",
    "upkeep",
    "watch",
]
