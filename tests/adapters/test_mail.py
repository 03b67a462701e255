"""Letters go to a real server on this machine, one for each address, and nothing of them into a log."""

import io
import ipaddress
import logging
import socketserver
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from voting.adapters.mail import ConsoleMailer, Letter, MailFailed, SmtpMailer, mailer_of
from voting.config import Config, InvalidSetting

REFUSED = "full@example.cn"


@dataclass
class Post:
    """What a small SMTP server was told."""

    port: int = 0
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    accounts: list[bytes] = field(default_factory=list)
    encrypted: int = 0


class _Server(socketserver.ThreadingTCPServer):
    """Speaks TLS from the first byte, or offers it, or knows nothing of it."""

    daemon_threads = True

    def __init__(self, tls=None, *, offered=False):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.post = Post(port=self.server_address[1])
        self.tls, self.offered = tls, offered


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    offers = False

    def handle(self):
        self.server.post.connections += 1
        self.offers = self.server.offered
        try:
            if self.server.tls and not self.offers:
                self._encrypt()
            self._say(b"220 here")
            self._converse()
        except OSError:
            return  # whoever did not trust us has turned away
        finally:
            self.request.close()

    def _encrypt(self):
        self.rfile.close()
        self.wfile.close()
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb", buffering=0)
        self.server.post.encrypted += 1

    def _converse(self):
        to = ""
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"EHLO":
                self._say(b"250-here\r\n250 " + (b"STARTTLS" if self.offers else b"AUTH PLAIN"))
            elif verb == b"STAR":
                self._say(b"220 go on")
                self._encrypt()
                self.offers = False
                return self._converse()
            elif verb == b"AUTH":
                self.server.post.accounts.append(line)
                self._say(b"235 ok")
            elif verb == b"RCPT":
                to = line.decode().split("<")[1].split(">")[0]
                self._say(b"550 no room" if to == REFUSED else b"250 ok")
            elif verb == b"DATA":
                self._say(b"354 go on")
                self.server.post.letters.append((to, self._body()))
                self._say(b"250 taken")
            elif verb == b"QUIT":
                return self._say(b"221 bye")
            else:
                self._say(b"250 ok")

    def _say(self, line):
        self.wfile.write(line + b"\r\n")

    def _body(self):
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line)
        return b""


@contextmanager
def _posting(tls=None, *, offered=False):
    with _Server(tls, offered=offered) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.post
        server.shutdown()
        thread.join()


@pytest.fixture
def post():
    """A mail server on this machine that refuses one address."""
    with _posting() as post:
        yield post


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(params=[False, True], ids=["smtps", "starttls"])
def sealed_post(request, certificate):
    """A mail server with TLS, and the address at which it is spoken to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with _posting(context, offered=request.param) as post:
        yield post, f"{'smtp' if request.param else 'smtps'}://name:secret@127.0.0.1:{post.port}"


def letter(to="jian@example.cn"):
    return Letter(
        to, "封存号 23f3 aa96", "请留着这封信。\n", "checkpoint-1.txt", "vote/ledger/1\n—\n"
    )


def test_letters_arrive_with_their_file_over_one_connection(post):
    mailer = SmtpMailer(f"smtp://127.0.0.1:{post.port}", "ledger@vote.example.cn")
    assert mailer.send([letter("a@example.cn"), letter("b@example.cn")]) == [True, True]
    assert post.connections == 1
    assert [to for to, _ in post.letters] == ["a@example.cn", "b@example.cn"]
    read = message_from_bytes(post.letters[0][1], policy=policy.default)
    assert (read["To"], read["From"]) == ("a@example.cn", "ledger@vote.example.cn")
    assert read["Subject"] == "封存号 23f3 aa96"
    body = read.get_body()
    assert body is not None
    assert "请留着" in body.get_content()
    (file,) = read.iter_attachments()
    assert file.get_filename() == "checkpoint-1.txt"
    assert file.get_content().decode() == "vote/ledger/1\n—\n"
    assert "b@example.cn" not in post.letters[0][1].decode()


def test_a_letter_that_is_refused_keeps_no_other_back_and_no_log_names_it(post, caplog):
    mailer = SmtpMailer(f"smtp://127.0.0.1:{post.port}", "ledger@vote.example.cn")
    with caplog.at_level(logging.DEBUG):
        assert mailer.send([letter(REFUSED), letter()]) == [False, True]
    assert len(post.letters) == 1
    assert "@" not in caplog.text


def test_an_account_is_used_on_this_machine(post):
    mailer = SmtpMailer(f"smtp://na%40me:pass%20word@127.0.0.1:{post.port}", "x@example.cn")
    assert mailer.send([letter()]) == [True]
    assert len(post.accounts) == 1


def test_a_password_never_goes_over_an_open_line(post, monkeypatch):
    monkeypatch.setattr("voting.adapters.mail._LOCAL", set())
    mailer = SmtpMailer(f"smtp://name:secret@127.0.0.1:{post.port}", "x@example.cn")
    with pytest.raises(MailFailed):
        mailer.send([letter()])
    assert post.accounts == []


def test_letter_and_password_go_over_tls(sealed_post, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr("voting.adapters.mail._LOCAL", set())
    post, address = sealed_post
    assert SmtpMailer(address, "x@example.cn").send([letter()]) == [True]
    assert (post.encrypted, len(post.accounts), len(post.letters)) == (1, 1, 1)


def test_a_server_nobody_vouches_for_gets_neither_letter_nor_password(sealed_post):
    post, address = sealed_post
    with pytest.raises(MailFailed, match="SSLCertVerificationError"):
        SmtpMailer(address, "x@example.cn").send([letter()])
    assert (post.accounts, post.letters) == ([], [])


def test_a_server_that_is_not_there_is_said_without_its_address(post):
    mailer = SmtpMailer("smtp://127.0.0.1:1", "x@example.cn")
    with pytest.raises(MailFailed, match="ConnectionRefusedError"):
        mailer.send([letter()])


def test_the_console_shows_a_letter_once_and_no_address():
    out = io.StringIO()
    assert ConsoleMailer(out).send([letter("a@example.cn"), letter("b@example.cn")]) == [True, True]
    assert out.getvalue().count("请留着") == 1
    assert "@" not in out.getvalue()


def test_the_settings_choose_the_mailer():
    assert mailer_of("", "") is None
    assert isinstance(mailer_of("console:", ""), ConsoleMailer)
    assert isinstance(mailer_of("smtps://mail.example.cn", "x@example.cn"), SmtpMailer)


@pytest.mark.parametrize(
    "environ",
    [
        {"VOTING_SMTP_URL": "http://name:geheim@x"}, {"VOTING_SMTP_URL": "smtp://:geheim"},
        {"VOTING_SMTP_URL": "smtp://x:geheim"}, {"VOTING_SMTP_URL": "smtps://mail.example.cn"},
        {"VOTING_SMTP_URL": "smtp://geheim@x", "VOTING_MAIL_FROM": "a\n@b"},
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_refused_without_its_password(environ):
    with pytest.raises(InvalidSetting) as refused:
        Config.from_environ(environ)
    assert "geheim" not in str(refused.value)


def test_the_password_stands_in_no_picture_of_the_settings():
    url = "smtps://name:geheim@mail.example.cn"
    config = Config.from_environ({"VOTING_SMTP_URL": url, "VOTING_MAIL_FROM": "l@example.cn"})
    assert "geheim" not in repr(config)
