"""What may be said: a sentence and facts make an utterance or a refusal; nothing else does."""

from agent.rules.run import Run, gate
from agent.rules.verdict import vet

__all__ = ["Run", "gate", "vet"]
