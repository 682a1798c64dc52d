"""A pasted start-up log in words: what it says, where it says it, and what was to be expected."""
