"""What pages may send, read strictly."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from agent.types import Language

TEXT_BYTES = 4096
VOICE_BYTES = 2 * 1024 * 1024

_Name = Annotated[str, Meta(max_length=80)]
_Text = Annotated[str, Meta(max_length=2000)]


class Hello(Struct, tag_field="do", tag="hello", forbid_unknown_fields=True):
    """Who the viewer wants to be called; before a voice message, which carries no name."""

    name: _Name


class Ask(Struct, tag_field="do", tag="ask", forbid_unknown_fields=True):
    text: _Text
    name: _Name = ""


class Stop(Struct, tag_field="do", tag="stop", forbid_unknown_fields=True):
    pass


class TakeOver(Struct, tag_field="do", tag="take_over", forbid_unknown_fields=True):
    on: bool


class Say(Struct, tag_field="do", tag="say", forbid_unknown_fields=True):
    text: _Text
    language: Language = "en"


class Pin(Struct, tag_field="do", tag="pin", forbid_unknown_fields=True):
    sku: _Name


class Block(Struct, tag_field="do", tag="block", forbid_unknown_fields=True):
    """Whoever wrote *line*, or every line with *word* in it."""

    on: bool
    line: _Name = ""
    word: _Name = ""


class Login(Struct, forbid_unknown_fields=True):
    token: Annotated[str, Meta(max_length=200)]


ViewerCommand = Hello | Ask
StudioCommand = Stop | TakeOver | Say | Pin | Block


class MalformedError(ValueError):
    """What was sent is no command; the text says why, for whoever sent it."""


def viewer_command(text: str) -> ViewerCommand:
    """Raises MalformedError."""
    try:
        command: ViewerCommand = msgspec.json.decode(_checked(text), type=ViewerCommand)
        return command
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise MalformedError(_reason(error)) from error


def studio_command(text: str) -> StudioCommand:
    """Raises MalformedError."""
    try:
        command: StudioCommand = msgspec.json.decode(_checked(text), type=StudioCommand)
        return command
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise MalformedError(_reason(error)) from error


def login(text: str) -> str:
    """The token. Raises MalformedError."""
    try:
        return msgspec.json.decode(_checked(text), type=Login).token
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise MalformedError(_reason(error)) from error


def _checked(text: str) -> bytes:
    data = text.encode()
    if len(data) > TEXT_BYTES:
        raise MalformedError(f"too long: at most {TEXT_BYTES} bytes")
    return data


def _reason(error: Exception) -> str:
    match error:
        case RecursionError():
            return "nested too deeply"
        case _:
            # msgspec names the field and what was expected of it, never the value.
            return f"not understood: {error}"
