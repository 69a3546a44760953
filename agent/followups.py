"""Whether a line goes on from the viewer's last question."""

from agent.identity import simplifier
from agent.lexicon import patterns
from agent.plaintext import fold, han

BARE_WORDS, BARE_HAN = 4, 12


def goes_on(text: str) -> bool:
    """ "And in blue?", "is it heavy": more of what this viewer asked before. Not "is this heavy",
    which points at what is on show."""
    folded = str(simplifier().convert(fold(text)))
    lists = patterns("agent", "lexicons/followups.txt")
    return bool(lists["goes_on"].search(folded)) and not lists["new"].search(folded)


def bare(text: str) -> bool:
    """ "Dishwasher safe?", "重吗": a few words that do not say of what, as one talks when that is
    plain. Chinese leaves it out as a rule."""
    folded = str(simplifier().convert(fold(text)))
    if patterns("agent", "lexicons/followups.txt")["new"].search(folded):
        return False
    written = han(folded)
    return 0 < written <= BARE_HAN or (not written and len(folded.split()) <= BARE_WORDS)
