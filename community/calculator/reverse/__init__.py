"""The questions asked from the other end: what fits into these cards, and what a model needs."""
