"""A reader's own config.json."""
