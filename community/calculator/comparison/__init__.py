"""Two to four configurations side by side."""
