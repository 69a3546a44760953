"""Lines of IRC with message tags, as Twitch's chat speaks it (RFC 1459; IRCv3 message-tags)."""

import re
from dataclasses import dataclass, field

_LINE = re.compile(
    r"(?:@(?P<tags>[^ ]*) +)?(?::(?P<prefix>[^ ]*) +)?(?P<command>[A-Za-z]+|\d{3})(?P<rest>.*)",
    re.DOTALL,
)
_ESCAPED = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_ACTION = re.compile(r"\x01ACTION (.*?)\x01?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """One line."""

    name: str
    """Upper case, or three digits."""
    params: tuple[str, ...] = ()
    nick: str = ""
    """Who sent it; of a server its name."""
    tags: dict[str, str] = field(default_factory=dict)


def parse(line: str) -> Command | None:
    """*line* without its end; None where it is no line of IRC."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    return Command(
        match["command"].upper(),
        _params(match["rest"]),
        (match["prefix"] or "").split("!", 1)[0],
        _tags(match["tags"] or ""),
    )


def said(text: str) -> str:
    """The words of a message; of "/me waves" that it waves."""
    action = _ACTION.fullmatch(text)
    return action[1] if action else text


def _params(rest: str) -> tuple[str, ...]:
    params: list[str] = []
    rest = rest.lstrip(" ")
    while rest:
        if rest.startswith(":"):
            params.append(rest[1:])
            break
        word, _, rest = rest.partition(" ")
        params.append(word)
        rest = rest.lstrip(" ")
    return tuple(params)


def _tags(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split(";") if pair)
    return {name: _plain(value) for name, _, value in pairs}


def _plain(value: str) -> str:
    """A backslash before any other character, or at the end, is left out."""
    return re.sub(r"\\(.?)", lambda found: _ESCAPED.get(found[1], found[1]), value, flags=re.DOTALL)
