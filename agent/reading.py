"""Lines that were read before, so that the thousandth "how much?" costs nothing."""

from collections import OrderedDict

from agent.types import Language
from agent.understand import Understanding, understand

_KEPT = 4000


class Reading:
    """Understands lines, and remembers the last some thousand by their letters."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, Language], Understanding] = OrderedDict()

    def known(self, text: str, previous: Language) -> Understanding | None:
        """What *text* was understood as, where it was not long ago."""
        found = self._known.get((text, previous))
        if found is not None:
            self._known.move_to_end((text, previous))
        return found

    def read(self, text: str, previous: Language) -> Understanding:
        """Up to some milliseconds. Raises ValueError as ``understand`` does."""
        found = self.known(text, previous)
        if found is None:
            found = self._known[(text, previous)] = understand(text, previous)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found
