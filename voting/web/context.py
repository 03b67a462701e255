"""What every template knows, and the preferences a browser carries."""

from typing import Any

from flask import Flask, request

SIZES = ("normal", "large", "elder")


def chosen_size() -> str:
    """Return the type size this browser asked for."""
    size = request.cookies.get("size", "normal")
    return size if size in SIZES else "normal"


def init_app(app: Flask) -> None:
    """Register the context that is common to all pages."""

    @app.context_processor
    def preferences() -> dict[str, Any]:
        return {"size": chosen_size(), "sizes": SIZES}
