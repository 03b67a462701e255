"""The poster's way to a ballot: name, identity number, second factor, and a right that is used at casting."""
