"""The calculator between the sizing engine and the pages: addresses, words, and what a result shows.

Here an address becomes a deployment (query, form) and its estimate a result (verdict, bars, breakdown, words). The
folders are what is made of it: comparison, reverse questions, sharing, calculations in texts, a pasted config, a log.
"""
