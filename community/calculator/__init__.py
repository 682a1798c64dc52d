"""The calculator between the sizing engine and the pages: addresses, words, and what a result shows."""
