"""Watching: what lands in the inbox is taken in within seconds, chats while they run."""
