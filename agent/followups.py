"""Whether a line goes on from the viewer's last question."""

from agent.identity import simplifier
from agent.lexicon import patterns
from agent.plaintext import fold


def goes_on(text: str) -> bool:
    """ "And in blue?", "is it heavy": more of what this viewer asked before. Not "is this heavy",
    which points at what is on show."""
    folded = str(simplifier().convert(fold(text)))
    lists = patterns("agent", "lexicons/followups.txt")
    return bool(lists["goes_on"].search(folded)) and not lists["new"].search(folded)
