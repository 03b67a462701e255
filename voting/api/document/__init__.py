"""What open data says of itself: its schemas and its OpenAPI document."""

from voting.api.document.declaring import Endpoint, Parameter
from voting.api.document.openapi import openapi
from voting.api.document.shapes import SHAPES

__all__ = ["SHAPES", "Endpoint", "Parameter", "openapi"]
