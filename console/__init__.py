"""How people reach Tingjian: the ``tingjian`` command and the review pages."""
