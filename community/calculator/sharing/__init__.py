"""A result taken along: links, blocks, cards and pictures."""
