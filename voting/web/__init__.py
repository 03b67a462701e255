"""What every page shares: access declarations, errors, headers, language, filters."""
