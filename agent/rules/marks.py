"""Marks that stand in a folded sentence for a slot, or for words of a fact: ``<price>``."""

import re

FREE_TEXT = re.compile(r"answer|care|point_\d+|age|description")
"""Fields that hold a merchant's whole sentences."""
MARK = re.compile(r"<([a-z0-9_]+)>")
MONTH = " thirtydays "
"""Stands for "in the last thirty days", by which prices and sales are counted."""
CLAUSE = re.compile(
    r"[,;.!?…。，；！？]|\b(?:and|but|while|et|mais|tandis que)\b|而且|并且|同时|另外"
    r"|(?<=[㐀-鿿>]) (?=[㐀-鿿<])"
)
"""What parts the clauses of a folded sentence."""
