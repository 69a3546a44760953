"""What may be said: a sentence and facts in, an utterance or a refusal out; nothing else makes one."""

from agent.rules.verdict import gate, vet

__all__ = ["gate", "vet"]
