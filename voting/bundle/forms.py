"""The form of the bundle's page at the desk."""

from voting.web.refusing import RefusingForm


class BundleForm(RefusingForm):
    """Nothing to fill in: the button itself."""
