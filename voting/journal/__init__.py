"""What officers did, append-only and chained."""
