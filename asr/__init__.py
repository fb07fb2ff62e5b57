"""From a recording to an interaction: decode, check, find speech, transcribe, say who spoke."""
