"""From many interactions to spikes: what is talked about more than it should be. Pure."""
