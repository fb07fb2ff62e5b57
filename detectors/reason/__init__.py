"""What an interaction is about and what came of it: reason, product, resolution, promises."""
