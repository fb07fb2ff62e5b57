"""The commands of ``tingjian``, one file a family."""
