"""The vocabulary of permissions (``subject:act``) and which role holds which.

Roles follow ``practice.md`` §1.2 as far as people at a desk are concerned; monitors, tellers and
supervisors are appointed to one round or project and have no role here.
"""

from enum import StrEnum


class Role(StrEnum):
    """An officer's role; an officer acts only inside their own area."""

    COMMUNITY_WORKER = "community_worker"
    COMMUNITY_SECRETARY = "community_secretary"
    STREET_OFFICER = "street_officer"
    DISTRICT_OBSERVER = "district_observer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """``subject:act``, alphabetical."""

    ACCOUNT_MANAGE = "account:manage"
    APPOINTMENT_MANAGE = "appointment:manage"
    AREA_MANAGE = "area:manage"
    ASSIST_WATCH = "assist:watch"
    CARD_HAND_OUT = "card:hand_out"
    CARD_ISSUE = "card:issue"
    CARD_READ = "card:read"
    CARD_VOID = "card:void"
    DELIVERY_APPROVE = "delivery:approve"
    DELIVERY_EDIT = "delivery:edit"
    JOURNAL_READ = "journal:read"
    NOTICE_ISSUE = "notice:issue"
    PAPER_ISSUE = "paper:issue"
    PAPER_KEY = "paper:key"
    PAPER_RECONCILE = "paper:reconcile"
    POLLING_MANAGE = "polling:manage"
    PROPOSAL_EDIT = "proposal:edit"
    PROPOSAL_REVIEW = "proposal:review"
    PROPOSAL_SCREEN = "proposal:screen"
    PROPOSAL_SHORTLIST = "proposal:shortlist"
    RESULT_DECLARE = "result:declare"
    ROLL_IMPORT = "roll:import"
    ROLL_READ = "roll:read"
    ROUND_APPROVE = "round:approve"
    ROUND_EDIT = "round:edit"
    ROUND_HALT = "round:halt"
    ROUND_READ = "round:read"
    SETTING_MANAGE = "setting:manage"
    URN_OPEN = "urn:open"


_READ = frozenset({Permission.ROUND_READ})
_COMMUNITY = _READ | {
    Permission.CARD_HAND_OUT,
    Permission.CARD_ISSUE,
    Permission.CARD_READ,
    Permission.CARD_VOID,
    Permission.DELIVERY_EDIT,
    Permission.PAPER_ISSUE,
    Permission.PAPER_KEY,
    Permission.PAPER_RECONCILE,
    Permission.POLLING_MANAGE,
    Permission.PROPOSAL_EDIT,
    Permission.PROPOSAL_SCREEN,
    Permission.ROLL_IMPORT,
    Permission.ROLL_READ,
    Permission.ROUND_EDIT,
}
_SECRETARY = _COMMUNITY | {
    Permission.APPOINTMENT_MANAGE,
    Permission.PROPOSAL_SHORTLIST,
    Permission.URN_OPEN,
}
_STREET = _SECRETARY | {
    Permission.ASSIST_WATCH,
    Permission.DELIVERY_APPROVE,
    Permission.NOTICE_ISSUE,
    Permission.PROPOSAL_REVIEW,
    Permission.RESULT_DECLARE,
    Permission.ROUND_APPROVE,
    Permission.ROUND_HALT,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.COMMUNITY_WORKER: _COMMUNITY,
    Role.COMMUNITY_SECRETARY: _SECRETARY,
    Role.STREET_OFFICER: _STREET,
    # practice.md §1.9: the district, too, may halt or end a round.
    Role.DISTRICT_OBSERVER: _READ | {Permission.ASSIST_WATCH, Permission.ROUND_HALT},
    Role.AUDITOR: _READ | {Permission.ASSIST_WATCH, Permission.CARD_READ, Permission.JOURNAL_READ},
    # Separation of duties (GB/T 22239-2019 8.1.4.1): who runs the accounts never opens an urn.
    Role.ADMINISTRATOR: _READ
    | {
        Permission.ACCOUNT_MANAGE,
        Permission.AREA_MANAGE,
        Permission.JOURNAL_READ,
        Permission.SETTING_MANAGE,
    },
}


def allows(role: Role, permission: Permission) -> bool:
    """Tell whether a role holds a permission."""
    return permission in GRANTS[role]
