"""Every text that a person sees, in Mandarin and in English: TOML files and what reads them."""
