"""How much one may send."""

from agent.bucket import Bucket

__all__ = ["Bucket"]
