"""Who asked the same, each once, in bounded room."""

MOST = 200
"""Names that are kept of one question; beyond, it is only known that there were more."""


class Askers:
    """The viewers who wait for one answer."""

    __slots__ = ("_names", "more")

    def __init__(self, *names: str) -> None:
        self._names: dict[str, None] = dict.fromkeys(names)
        self.more = False
        """There were others, who were not counted."""

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __getitem__(self, place: int) -> str:
        """By order of asking. Raises IndexError."""
        return list(self._names)[place] if place else self.first

    @property
    def first(self) -> str:
        """Raises IndexError where nobody asked."""
        for name in self._names:
            return name
        raise IndexError("nobody asked")

    def add(self, name: str) -> None:
        if len(self._names) < MOST:
            self._names[name] = None
        elif name not in self._names:
            self.more = True

    def join(self, others: "Askers") -> None:
        """Take in all of *others*."""
        for name in others._names:
            self.add(name)
        self.more |= others.more
