"""What can go wrong with a catalog, said so that a merchant knows what to do."""

from agent.ports import BackendError, DoubtError


class CatalogError(BackendError):
    """The catalog cannot be used as asked. The text says why, and what to do about it."""


class SlipError(CatalogError, DoubtError):
    """A change that looks like a slip of the hand; done when one says that it is meant."""
