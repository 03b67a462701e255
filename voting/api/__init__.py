"""Open data: what the public pages show, for programs."""
