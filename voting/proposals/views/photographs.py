"""Photographs of a form that is not sent yet: accepted ones are stored at once and come back as digests.

A form with a mistake is shown again, and no browser fills in a file twice. So an accepted photograph
stays in the store, and the form carries its digest, signed for this one form: nobody can tie a stored
picture to a proposal by guessing or copying its address.
"""

import hmac
from dataclasses import dataclass

from flask import request

from voting.adapters.pictures import PictureRefused, clean_picture
from voting.adapters.sealing import keyed_hash
from voting.proposals.forms.sending import WishForm
from voting.proposals.rules.sending import MOST_PHOTOS, TooManyPhotos
from voting.web.db import current_files, current_keys
from voting.web.text import say

_SIGNATURE = 32


@dataclass(frozen=True)
class Gathered:
    """The photographs of a form, and why a file could not become one, by the name of its field."""

    digests: list[str]
    refused: dict[str, str]


def signed(digest: str, form_key: str) -> str:
    """Return a digest as the form carries it."""
    mark = keyed_hash(current_keys().app_key(), "proposal photograph", form_key, digest)
    return f"{digest}-{mark.hex()[:_SIGNATURE]}"


def gather(form: WishForm) -> Gathered:
    """Return what was accepted before and not dropped, and the files that came now, cleaned and stored."""
    key = str(form.sending.data)
    digests = [
        digest
        for value in dict.fromkeys(request.form.getlist("kept"))
        if (digest := _verified(value, key)) and digest not in form.dropped
    ][:MOST_PHOTOS]
    refused: dict[str, str] = {}
    for field, content in form.uploads:
        try:
            digest = current_files().put(clean_picture(content))
        except PictureRefused as refusal:
            refused[field.name] = say(refusal)
            continue
        if digest in digests:
            continue
        if len(digests) == MOST_PHOTOS:
            refused[field.name] = say(TooManyPhotos(most=MOST_PHOTOS))
            continue
        digests.append(digest)
    form.kept = digests
    return Gathered(digests, refused)


def is_sound(form: WishForm, photos: Gathered) -> bool:
    """Check the form, and put what was wrong with a photograph beside its field."""
    sound = form.validate_on_submit()
    for name, sentence in photos.refused.items():
        form[name].errors = [sentence]
    return bool(sound) and not photos.refused


def _verified(value: str, key: str) -> str:
    digest = value.partition("-")[0]
    return digest if hmac.compare_digest(value.encode(), signed(digest, key).encode()) else ""
