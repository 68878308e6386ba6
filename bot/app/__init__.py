"""The composition root: the only place that builds, opens and closes things, in order."""
