"""The ballot paper, casting, the sealed urn, receipts."""
