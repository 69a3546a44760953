"""What became of a case: every line, what was said to it and on what, when, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent import tally
from agent.types import Event, Evidence, Fact, Language
from evals.harness.case import Ask, Case, Operating


@dataclass
class Said:
    """One sentence that went on the air."""

    text: str
    spoken: str
    language: Language
    rung: str
    evidence: tuple[Evidence, ...]
    facts: tuple[Fact, ...]
    """Those that it rests on, as they were when it began."""
    frame: int
    until: int | None = None
    """Its last frame; None where the show ended in it."""
    whole: bool = False

    @property
    def is_notice(self) -> bool:
        return self.rung == "notice"


@dataclass
class Turn:
    """One line of a case, and its answer."""

    step: int
    """Index in the case's chat."""
    user: str
    text: str
    expected: Ask | Operating | None
    id: str = ""
    language: Language | None = None
    """As the host read it; None: one that it does not serve."""
    author: str = ""
    """As it was shown."""
    topic: str = ""
    asked: tuple[str, ...] = ()
    """Ids of the facts that plainly answer it."""
    said: list[Said] = field(default_factory=list)
    refused: list[Mapping[str, object]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    dropped: str = ""
    """Why it was not answered, or not to its end."""
    door: str = ""
    """What the viewer was told at the door."""
    times_s: Mapping[str, float] = field(default_factory=dict)
    done: bool = False

    @property
    def words(self) -> str:
        """All that was said, in one text."""
        return " ".join(said.text for said in self.said)


@dataclass
class Played:
    """One case, played to its end."""

    case: Case
    turns: list[Turn] = field(default_factory=list)
    unasked: Turn = field(default_factory=lambda: Turn(-1, "", "", None, done=True))
    """What was said when nobody asked: notices, and the run of show."""
    notices: list[float] = field(default_factory=list)
    """Seconds at which one had been played whole."""
    seconds: float = 0.0
    frames: int = 0
    slates: int = 0
    looked_at: bool = False
    """Whether pictures were drawn, and their labels read back."""
    sound: Path | None = None
    film: Path | None = None
    stills: dict[int, Path] = field(default_factory=dict)
    """Of the first frame of each sentence."""

    @property
    def said(self) -> list[Said]:
        """Everything, in the order of the air."""
        found = [said for turn in (*self.turns, self.unasked) for said in turn.said]
        return sorted(found, key=lambda said: said.frame)

    def take(self, event: Event, known: Mapping[tuple[str, int], Fact]) -> None:
        """Note *event*; *known* has each fact in the version that it was said in."""
        data = dict(event.data)
        if event.kind == "aired":
            self._aired(data)
            return
        turn = self._of(str(data.get("id") or ""))
        match event.kind:
            case "asked":
                turn.language = data["language"]  # type: ignore[assignment]
                turn.author = str(data["author"])
            case "facts":
                turn.topic = str(data["topic"])
                turn.asked = tuple(str(one["id"]) for one in data["facts"])  # type: ignore[attr-defined]
            case "refused":
                keys = ("text", "rule", "reason", "instead")
                turn.refused.append({key: data.get(key) for key in keys})
            case "withdrawn":
                turn.withdrawn.append(str(data["text"]))
            case "said":
                turn.said.append(_said(data, known))
            case "dropped":
                turn.dropped = str(data["reason"])
                turn.done = turn.done or turn.dropped != "interrupted"
            case "answered":
                turn.times_s = data["times_s"]  # type: ignore[assignment]
                turn.done = True

    def _of(self, message: str) -> Turn:
        """The turn of the line *message*."""
        return next((turn for turn in self.turns if message and turn.id == message), self.unasked)

    def _aired(self, data: Mapping[str, object]) -> None:
        for said in self.said:
            if said.frame == data["frame"]:
                said.until = int(str(data["until"]))
                said.whole = bool(data["whole"])


def _said(data: Mapping[str, object], known: Mapping[tuple[str, int], Fact]) -> Said:
    rows = data["evidence"]
    assert isinstance(rows, list)
    evidence = tuple(Evidence(str(row["fact"]), int(row["version"])) for row in rows)
    facts = [known[key] for one in evidence if (key := (one.fact, one.version)) in known]
    # how many ask the same is the show's own number, not the catalog's; see scorers
    facts += [tally.fact(one.fact, one.version) for one in evidence if tally.ours(one)]
    return Said(
        str(data["text"]),
        str(data["spoken"]),
        data["language"],  # type: ignore[arg-type]
        str(data["rung"]),
        evidence,
        tuple(facts),
        int(str(data["frame"])),
    )
