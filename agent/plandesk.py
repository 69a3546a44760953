"""The operator's hand on the run of show: where it is, on and back, and its text."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from agent.show import Show
from agent.showplan import parse
from agent.showplan_vet import check

MOVES = ("skip", "back", "pause", "resume")


@dataclass
class PlanDesk:
    """Fits ``agent.ports.PlanDesk``."""

    show: Show
    file: Path
    """Where an edited plan is kept."""
    pictures: Path
    """A file beside which the plan's pictures lie."""

    def state(self) -> dict[str, object]:
        script = self.show.script
        text = script.plan.text if script.plan else ""
        return {**script.snapshot(), "text": text, "file": str(self.file)}

    def move(self, how: str) -> None:
        """Raises ValueError for no move of ours. What is being said is cut off by skip and back
        (never a notice, and never an answer)."""
        script = self.show.script
        if how not in MOVES:
            raise ValueError(f"{how!r} is none of {', '.join(MOVES)}")
        if how in ("pause", "resume"):
            script.pause(how == "pause")
            return
        if how == "skip":
            script.skip()
        else:
            script.back()
        if self.show.turn is not None and self.show.turn.beat is not None:
            self.show.interrupted.set()
        self.show.inbox.wake()

    async def save(self, text: str) -> None:
        """Go on by *text*, once all of it may be said, and keep it. Raises ValueError (PlanError)
        and then nothing has changed, OSError where it cannot be kept."""
        show = self.show
        plan = await asyncio.to_thread(parse, text, self.pictures)
        heard = show.heard_in(show.language)
        await check(plan, show.catalog, show.language, heard, "the plan")
        await asyncio.to_thread(_write, self.file, text)
        show.script.change(plan)


def _write(file: Path, text: str) -> None:
    """All of *text*, or what was there before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
