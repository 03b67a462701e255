"""A floor: the same five requests, answered by a Flask app that does nothing."""

from flask import Flask, redirect
from werkzeug.wrappers import Response

app = Flask(__name__)


@app.get("/c/<token>")
def scan(token: str) -> Response:
    """Answer as a scan does."""
    response = redirect("/ballot", 303)
    response.set_cookie("card", token, httponly=True, samesite="Lax")
    return response


@app.get("/ballot")
def ballot() -> str:
    """Answer with a form digest and nothing else."""
    return '<input type="hidden" name="form" value="0123456789abcdef0123456789abcdef">'


@app.post("/ballot")
def confirm() -> str:
    """Answer with nothing."""
    return "ok"


@app.post("/ballot/cast")
def cast() -> Response:
    """Answer as a cast does."""
    return redirect("/receipts/AAAAAAAAAAAAAAAA", 303)


@app.get("/receipts/<code>")
def receipt(code: str) -> str:
    """Answer with the code."""
    return code


@app.get("/healthz")
def healthz() -> str:
    """Say that the process answers."""
    return "ok"
