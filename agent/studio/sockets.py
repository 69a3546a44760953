"""The sockets of the pages: the show itself, the room of the viewers, and the studio."""

import asyncio
import hmac
import logging
import secrets
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import aclosing
from typing import Final, TypeAlias

from starlette.websockets import WebSocket, WebSocketDisconnect

from agent.ports import Desk
from agent.publish.preview import Preview, SlowViewerError
from agent.studio import commands, told
from agent.studio.commands import Ask, Block, MalformedError, Pin, Say, Stop, TakeOver
from agent.studio.crowd import Crowd, Member
from agent.studio.limits import Bucket

log = logging.getLogger(__name__)

STALLED_S: Final = 5.0
"""How long one message may take to leave; then the reader is dropped."""
_Work: TypeAlias = Coroutine[None, None, None]

LOGIN_S: Final = 10.0
LISTENERS: Final = 2
"""Voice messages that are understood at a time, in the whole room."""
POLICY, SLOW, UNKNOWN = 1008, 4408, 4401
"""Codes that a socket is closed with; 4401: log in first, 4408: too slow."""


class _Closed(Exception):  # noqa: N818 - an end, not an error
    """The socket is over; it ends the socket's other task."""


class Sockets:
    """One method for each kind of socket; each returns when the socket is over."""

    def __init__(self, desk: Desk, preview: Preview, token: str) -> None:
        self._desk = desk
        self._preview = preview
        self._token = token.encode()
        self.room_crowd, self.studio_crowd = Crowd(), Crowd()
        self.past = told.Past()
        self._listening = asyncio.Semaphore(LISTENERS)

    @property
    def over(self) -> bool:
        """Whether the show has ended."""
        return self._preview.ended

    async def media(self, socket: WebSocket) -> None:
        """The type of the show as text, then the show."""
        await socket.accept()
        await _run(socket, self._show(socket), _ignore(socket))

    async def room(self, socket: WebSocket) -> None:
        """A viewer: typed lines and voice messages in, what concerns viewers out."""
        await socket.accept()
        member = self.room_crowd.join()
        member.put(told.line([self.past.viewers_state(self._desk.snapshot())]))
        try:
            await _run(socket, _tell(socket, member), self._hear_viewer(socket, member))
        finally:
            self.room_crowd.leave(member)

    async def studio(self, socket: WebSocket) -> None:
        """The operator: commands in, everything out. The first message is the token, unless the
        request brought it in its Authorization header."""
        await socket.accept()
        if not (self.knows(socket.headers.get("authorization", "")) or await self._login(socket)):
            await socket.close(UNKNOWN, "the token is missing or wrong")
            return
        member = self.studio_crowd.join()
        member.put(told.line([self.past.state(self._desk.snapshot())]))
        try:
            await _run(socket, _tell(socket, member), self._obey(socket, member))
        finally:
            self.studio_crowd.leave(member)

    def knows(self, authorization: str) -> bool:
        """Whether *authorization* is "Bearer" and the studio's token."""
        return hmac.compare_digest(authorization.encode(), b"Bearer " + self._token)

    async def _login(self, socket: WebSocket) -> bool:
        try:
            async with asyncio.timeout(LOGIN_S):
                message = await socket.receive()
            return hmac.compare_digest(
                commands.login(message.get("text") or "").encode(), self._token
            )
        except (TimeoutError, MalformedError):
            return False

    async def _show(self, socket: WebSocket) -> None:
        await socket.send_text(await self._preview.mime())
        async with aclosing(self._preview.watch()) as parts:
            try:
                async for data in parts:
                    async with asyncio.timeout(STALLED_S):
                        await socket.send_bytes(data)
            except SlowViewerError:
                await _close(socket, SLOW, "too slow")
                return
        await _close(socket, 1000, "the show is over")

    async def _hear_viewer(self, socket: WebSocket, member: Member) -> None:
        typed, voiced = Bucket(2, 5), Bucket(0.2, 2)
        # Whoever sits there is one, however many names they go by; and names are not theirs alone.
        name, viewer = "", f"page {secrets.token_hex(6)}"
        async for message in _messages(socket):
            if isinstance(message, bytes):
                if voiced.take():
                    await self._voice(name, viewer, message, member)
                else:
                    member.put(_sorry("One voice message at a time, please: wait a little."))
            elif not typed.take():
                member.put(_sorry("Slow down a little, please."))
            else:
                try:
                    command = commands.viewer_command(message)
                    name = command.name or name
                    if isinstance(command, Ask):
                        await self._ask(name, viewer, command.text, member)
                except ValueError as error:
                    member.put(_sorry(str(error)))

    async def _ask(self, name: str, viewer: str, text: str, member: Member) -> None:
        """Raises ValueError with a text for the viewer."""
        follow = _Follow(member)
        line = await self._desk.ask(name, text, viewer=viewer, fate=follow)
        member.put(_reply("taken", id=line, name=name, text=text))
        follow.begin(line)

    async def _voice(self, name: str, viewer: str, recording: bytes, member: Member) -> None:
        if len(recording) > commands.VOICE_BYTES:
            member.put(_sorry("That voice message is too long."))
        elif self._listening.locked():
            member.put(_sorry("Many people are speaking just now. Please try again, or type."))
        else:
            async with self._listening:
                try:
                    heard = await self._desk.ask_aloud(name, recording, viewer=viewer)
                    member.put(_reply("heard", text=heard))
                except ValueError as error:
                    member.put(_sorry(str(error)))

    async def _obey(self, socket: WebSocket, member: Member) -> None:
        bucket = Bucket(5, 20)
        async for message in _messages(socket):
            if not bucket.take():
                member.put(_sorry("Too many commands at once."))
            elif isinstance(message, bytes):
                member.put(_sorry("The studio takes no binary messages."))
            else:
                try:
                    command = commands.studio_command(message)
                    await self._do(command)
                    member.put(_reply("done", do=type(command).__struct_config__.tag))
                except KeyError as error:
                    member.put(_sorry(f"There is no product {error.args[0]}."))
                except ValueError as error:
                    member.put(_sorry(str(error)))

    async def _do(self, command: commands.StudioCommand) -> None:
        match command:
            case Stop():
                self._desk.stop()
            case TakeOver(on):
                self._desk.take_over(on)
            case Say(text, language):
                await self._desk.say(text, language)
            case Pin(sku):
                self._desk.pin(sku)
            case Block(on, line, word):
                if line:
                    self._desk.block(line, on)
                else:
                    self._desk.block_word(word, on)


class _Follow:
    """Tells whoever wrote a line what becomes of it, once they know its id."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._id: str | None = None
        self._early: list[Mapping[str, object]] = []

    def __call__(self, fate: Mapping[str, object]) -> None:
        if self._id is None:
            self._early.append(fate)
        else:
            self._member.put(_reply("fate", id=self._id, **fate))

    def begin(self, line: str) -> None:
        self._id = line
        for fate in self._early:
            self(fate)
        self._early.clear()


async def _run(socket: WebSocket, out: _Work, into: _Work) -> None:
    """Write and read until either is over."""

    async def until_over(work: _Work) -> None:
        await work
        raise _Closed

    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(until_over(out))
            tasks.create_task(until_over(into))
    # A peer that is gone, or does not read: its connection ends, and nobody else is concerned.
    except* (_Closed, WebSocketDisconnect, TimeoutError):
        pass


async def _tell(socket: WebSocket, member: Member) -> None:
    while (text := await member.take()) is not None:
        async with asyncio.timeout(STALLED_S):
            await socket.send_text(text)
    await _close(socket, SLOW, "too slow")


async def _ignore(socket: WebSocket) -> None:
    bucket = Bucket(1, 5)
    async for _ in _messages(socket):
        if not bucket.take():
            await _close(socket, POLICY, "this socket only tells")
            return


async def _messages(socket: WebSocket) -> AsyncIterator[str | bytes]:
    while (message := await socket.receive())["type"] != "websocket.disconnect":
        data = message.get("text")
        yield data if data is not None else message.get("bytes") or b""


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    async with asyncio.timeout(STALLED_S):
        await socket.close(code, reason)


def _reply(kind: str, **data: object) -> str:
    return told.line([{"kind": kind, **data}])


def _sorry(reason: str) -> str:
    return _reply("sorry", reason=reason)
