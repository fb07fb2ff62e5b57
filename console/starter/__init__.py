"""What ``tingjian init`` puts into a new centre's folder."""
