"""A busy half hour of chat, made of the eval's lines: questions in many wordings, hype, greetings,
attacks, trouble with orders, and what viewers do without words; in bursts, as rooms are.

``python -m evals.busychat OUT.jsonl [--minutes 30] [--seed 5]`` writes it as ``candor replay``
reads it; ``python -m evals.endtoend OUT --minutes 30`` puts it through a show and hears the film.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.events import RoomEvent, What
from agent.replay import Line

CASES = Path(__file__).parent / "cases"
CALM_PER_S, BURST_PER_S = 0.8, 8.0
"""Lines a second in between, and in a burst."""
BURST_S, BURST_EVERY_S = 10.0, 150.0
SHARES = {
    "question": 0.34, "hype": 0.26, "greeting": 0.08, "event": 0.14, "hostile": 0.05,
    "ordinary": 0.07, "talk": 0.06,
}  # fmt: skip
"""Of the lines between bursts. In a burst one thing is asked in every wording, beside hype."""
LANGUAGES = {"en": 0.7, "fr": 0.15, "zh": 0.15}
_HYPE = (
    "🔥🔥🔥", "❤️❤️", "LOL", "loool", "wow", "omg", "so pretty", "nice!!", "haha", "first", "yesss",
    "666", "哈哈哈", "好看", "trop beau", "mdr", "W", "😍", "need", "love it", "gg", "let's goooo",
)  # fmt: skip
_GREETINGS = (
    "hi",
    "hello everyone",
    "hey from Leeds",
    "bonjour",
    "coucou",
    "大家好",
    "good evening",
)
_TALK = (
    "my order 4471 never arrived", "the mug came broken, what now?", "too expensive",
    "is amazon cheaper?", "are you a real person?", "u a bot?", "t'es une vraie personne ?",
    "你是真人吗", "what do you eat for breakfast?", "can I talk to a human",
    "ma commande est en retard",
    "hola, cuánto cuesta?", "thanks, that helped", "merci beaucoup", "which one would you choose?",
)  # fmt: skip
_FIRST = ("Ann", "Ben", "Chloé", "Dev", "Élise", "Finn", "Gita", "Hugo", "Ines", "Jo", "小美",
          "阿伟", "Kofi", "Lena", "Max", "Nora", "Omar", "Pia", "Ravi", "Sam", "xX_gm_Xx", "Tess",
          "user92817")  # fmt: skip
_EVENTS = (What.ENTRY, What.ENTRY, What.LIKE, What.LIKE, What.FOLLOW, What.GIFT, What.ORDER)


def chat(minutes: float, seed: int = 5) -> list[Line]:
    """The lines of *minutes*, by time; the same for the same *seed*."""
    dice = random.Random(seed)
    return list(_lines(dice, minutes * 60))


def _lines(dice: random.Random, seconds: float) -> Iterator[Line]:
    pools = {name: _pool(name) for name in ("questions", "hostile", "hostile_benign")}
    meanings = _meanings()
    at, burst = 0.0, BURST_EVERY_S / 2
    asked: Sequence[str] = ()
    while at < seconds:
        within = burst <= at < burst + BURST_S
        at += dice.expovariate(BURST_PER_S if within else CALM_PER_S)
        if at >= burst + BURST_S:
            burst += BURST_EVERY_S
        if within:
            asked = asked or dice.choice(meanings)
            words = dice.choice(asked) if dice.random() < 0.6 else dice.choice(_HYPE)
            yield Line(at, _name(dice), words)
            continue
        asked = ()
        kind = _drawn(dice, SHARES)
        match kind:
            case "event":
                name, what = _name(dice), dice.choice(_EVENTS)
                yield Line(at, name, event=RoomEvent(what, name))
            case "hype" | "greeting" | "talk":
                pool = {"hype": _HYPE, "greeting": _GREETINGS, "talk": _TALK}[kind]
                yield Line(at, _name(dice), dice.choice(pool))
            case _:
                file = {"question": "questions", "ordinary": "hostile_benign"}.get(kind, kind)
                own = pools[file]
                yield Line(at, _name(dice), dice.choice(own[_drawn(dice, LANGUAGES)]))


def _drawn(dice: random.Random, shares: dict[str, float]) -> str:
    return dice.choices(list(shares), list(shares.values()))[0]


def _name(dice: random.Random) -> str:
    first = dice.choice(_FIRST)
    return first if dice.random() < 0.6 else f"{first}{dice.randrange(100)}"


def _rows(name: str) -> Iterator[list[str]]:
    for row in (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            yield row.split("\t")


def _pool(name: str) -> dict[str, list[str]]:
    """Lines of one file of cases, by language."""
    column = {"questions": 2, "hostile": 3, "hostile_benign": 1}[name]
    found: dict[str, list[str]] = {}
    for cells in _rows(name):
        found.setdefault(cells[0], []).append(cells[column])
    return found


def _meanings() -> list[list[str]]:
    """Questions that mean the same, as many ways as there are."""
    found: dict[tuple[str, str], list[str]] = {}
    for family, meaning, _, text in _rows("alike"):
        found.setdefault((family, meaning), []).append(text)
    return [texts for texts in found.values() if len(texts) > 3]


def row(line: Line) -> dict[str, object]:
    """As ``candor replay`` reads it."""
    if line.event is not None:
        return {"at": round(line.at, 2), "user": line.user, "event": line.event.what.value}
    return {"at": round(line.at, 2), "user": line.user, "text": line.text}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    lines = [
        json.dumps(row(one), ensure_ascii=False) for one in chat(arguments.minutes, arguments.seed)
    ]
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
