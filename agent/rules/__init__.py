"""What may be said: a sentence and facts make an utterance or a refusal; nothing else does."""

from agent.rules.run import Run
from agent.rules.verdict import gate, vet

__all__ = ["Run", "gate", "vet"]
