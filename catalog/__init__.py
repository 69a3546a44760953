"""The merchants' side: product facts, kept with their history, found, and true at each moment."""
