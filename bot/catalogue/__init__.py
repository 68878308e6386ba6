"""Known weights: what there is, what fits, how it is fetched and checked."""
