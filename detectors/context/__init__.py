"""Context: what the centre knows, and what was measured."""
