"""Short messages of this installation go out here, outside any request and any transaction."""

from voting.adapters.sms import ShortText, SmsFailed, sender_of
from voting.posters.rules import message_text
from voting.posters.service import settle_message, take_message, waiting_messages
from voting.rounds.models import Round
from voting.rounds.rules import SecondFactor
from voting.web.db import current_config, current_database, current_keys, now


def offered_factors(round: Round) -> list[SecondFactor]:
    """Return what can prove somebody in a round here: no messages where nobody sends them."""
    return [
        factor
        for factor in SecondFactor
        if round.proves_by(factor) and (factor is not SecondFactor.SMS or current_config().sms_url)
    ]


def send_messages() -> int:
    """Send what waits; return how many messages went out."""
    config = current_config()
    sender = sender_of(config.sms_url, config.sms_headers, config.sms_body, config.sms_accepted)
    if sender is None:
        return 0
    with current_database().reading() as session:
        waiting = waiting_messages(session, now=now())
    sent = 0
    for id in waiting:
        with current_database().transaction() as session:
            message = take_message(session, current_keys(), id)
        if message is None:
            continue
        try:
            sender.send(
                ShortText(message.to, message_text(message.office, message.code), message.code)
            )
        except SmsFailed:
            is_sent = False
        else:
            is_sent = True
        with current_database().transaction() as session:
            settle_message(session, id, sent=is_sent)
        sent += is_sent
    return sent
