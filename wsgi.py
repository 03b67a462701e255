"""The WSGI entry point: ``flask --app wsgi …`` and every web server start here."""

from voting.app import create_app

app = create_app()
