"""Voice: loudness and pitch against the speaker's own baseline."""
