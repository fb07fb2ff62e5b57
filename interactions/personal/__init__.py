"""Personal data in what is said and written: where it stands, and the text without it."""
