"""A small proxy on this machine that lets requests through and keeps the answers of some to itself."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from werkzeug.serving import make_server


@dataclass
class Line:
    """Where the proxy listens; ``cut`` counts how many answers to a cast it still swallows."""

    port: int
    cut: int
    swallowed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def swallows(self, request: bytes) -> bool:
        """Tell whether the answer to this request is lost on the way."""
        with self.lock:
            if not request.startswith(b"POST /ballot/cast") or not self.cut:
                return False
            self.cut -= 1
            self.swallowed += 1
            return True


@contextlib.contextmanager
def answering(app: Flask) -> Iterator[int]:
    """Serve an app on a free port from threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def cutting(port: int, *, cut: int) -> Iterator[Line]:
    """Stand between browsers and the server at ``port``; swallow the answers to the next ``cut`` casts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = Line(listener.getsockname()[1], cut)
        thread = threading.Thread(target=_accept, args=(listener, line, port))
        thread.start()
        try:
            yield line
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(listener: socket.socket, line: Line, port: int) -> None:
    workers = []
    while True:
        try:
            browser, _ = listener.accept()
        except OSError:
            break
        workers.append(threading.Thread(target=_carry, args=(browser, line, port)))
        workers[-1].start()
    for worker in workers:
        worker.join()


def _carry(browser: socket.socket, line: Line, port: int) -> None:
    """Carry one request there and its answer back, or not back."""
    with browser, socket.create_connection(("127.0.0.1", port)) as server:
        request = _whole_request(browser)
        if not request:
            return
        server.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        answer = b"".join(iter(lambda: server.recv(65536), b""))
        if not line.swallows(request):
            browser.sendall(answer)


def _whole_request(browser: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        more = browser.recv(65536)
        if not more:
            return b""
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (
            int(row[15:])
            for row in head.lower().split(b"\r\n")
            if row.startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += browser.recv(65536)
    return head + b"\r\n\r\n" + body
