"""Opening the urn and counting what lies in it."""
