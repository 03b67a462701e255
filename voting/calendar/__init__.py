"""Working days: the library's holidays and the table above them."""
