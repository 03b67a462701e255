"""The demo is told through the use cases of every stage, at the moments at which it happened."""

from voting.demo.service.loading import (
    DeskLine,
    Loaded,
    RealInstallation,
    RoundLine,
    is_loaded,
    load,
)
from voting.demo.service.password import kept_password
from voting.demo.service.samples import Sample
from voting.demo.service.scene import Papers, Progress, Scene, Sheet

__all__ = [
    "DeskLine",
    "Loaded",
    "Papers",
    "Progress",
    "RealInstallation",
    "RoundLine",
    "Sample",
    "Scene",
    "Sheet",
    "is_loaded",
    "kept_password",
    "load",
]
