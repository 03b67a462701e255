"""Paper and assisted ballots: from the press to the urn, and the sheet on which they must add up."""
