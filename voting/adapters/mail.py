"""Letters by e-mail, each to one address: by a server (SMTP, RFC 5321), or shown on the console.

No log and no error of this module names an address.
"""

import logging
import smtplib
import ssl
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol, TextIO
from urllib.parse import unquote, urlsplit

log = logging.getLogger(__name__)

_SECONDS = 15
_PORTS = {"smtp": 25, "smtps": 465}
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class MailFailed(Exception):
    """The server could not be reached, or would not have us; nothing was sent."""


@dataclass(frozen=True)
class Letter:
    """A letter to one address with one text file attached."""

    to: str
    subject: str
    text: str
    file_name: str
    file_text: str


class Mailer(Protocol):
    """Sends letters."""

    def send(self, letters: Sequence[Letter]) -> list[bool]:
        """Return for each letter whether it was taken; raise MailFailed if none could be tried."""


class SmtpMailer:
    """Hands letters to a server; ``url`` is ``smtp://`` (with STARTTLS if offered) or ``smtps://``.

    A password goes over an encrypted connection only, or to this very machine.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or _PORTS[parts.scheme]
        self._account = (unquote(parts.username or ""), unquote(parts.password or ""))
        self._sender = sender

    def send(self, letters: Sequence[Letter]) -> list[bool]:
        """Send all letters over one connection."""
        with self._connected() as server:
            return [self._sent(server, letter) for letter in letters]

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._opened()
        except (OSError, smtplib.SMTPException) as failed:
            raise MailFailed(type(failed).__name__) from failed
        try:
            yield server
        finally:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def _opened(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_SECONDS)
        try:
            self._introduce(server, context)
        except BaseException:
            server.close()
            raise
        return server

    def _introduce(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server.ehlo()
        is_private = self._is_tls or self._host in _LOCAL
        if not self._is_tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            is_private = True
        name, password = self._account
        if name:
            if not is_private:
                raise smtplib.SMTPException("a password over an open line")
            server.login(name, password)

    def _sent(self, server: smtplib.SMTP, letter: Letter) -> bool:
        try:
            server.send_message(_message(letter, self._sender))
        except (OSError, smtplib.SMTPException) as failed:
            log.warning("a letter was not taken: %s", type(failed).__name__)
            return False
        return True


class ConsoleMailer:
    """Prints letters instead of sending them: for a trial, without addresses."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def send(self, letters: Sequence[Letter]) -> list[bool]:
        """Print every letter that differs from the one before."""
        out, last = self._out or sys.stdout, None
        for letter in letters:
            said = f"{letter.subject}\n\n{letter.text}\n[{letter.file_name}]\n{letter.file_text}\n"
            if said != last:
                out.write(said)
            last = said
        out.flush()
        return [True] * len(letters)


def mailer_of(url: str, sender: str) -> Mailer | None:
    """Return the mailer that the settings name: ``smtp://``, ``smtps://``, ``console:``, or none."""
    if not url:
        return None
    return ConsoleMailer() if url == "console:" else SmtpMailer(url, sender)


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    # As bytes: a text would arrive with other line ends, and no signature would fit it any more.
    message.add_attachment(
        letter.file_text.encode(),
        maintype="application",
        subtype="octet-stream",
        filename=letter.file_name,
    )
    return message
