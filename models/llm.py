"""The writer: drafts in pieces from a language model, through LangChain."""

import logging
import os
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

import httpx
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.utils import convert_to_messages
from langchain_openai import ChatOpenAI
from openai import OpenAIError
from pydantic import SecretStr

from agent.ports import BackendError
from agent.types import ChatMessage, Facts, Stream
from models import briefing
from models.briefing import Style
from models.grammar import framed_draft
from models.server import PACKAGED_NAME, Phase, ServerState, is_local

log = logging.getLogger(__name__)

_ENDS = ".!?。！？"
_RUNAWAY = 800
"""Characters after which a draft is no answer: a server that ignores the grammar."""

_RUBBISH = (ValueError, TypeError, KeyError, IndexError, AttributeError)
"""What the client libraries raise on an answer of another shape than the protocol's."""


@dataclass(slots=True)
class Counts:
    """What became of the drafts. The server's own count of aborts stays at 0."""

    written: int = 0
    """To their end."""
    cancelled: int = 0
    """Closed by the reader before their end."""
    failed: int = 0
    tokens: int = 0
    """Pieces that came, some one a token."""


class LangChainWriter:
    """``agent.ports.Writer`` on an OpenAI-compatible server, vLLM's by preference."""

    def __init__(
        self,
        *,
        temperature: float = 0.0,
        seed: int = 7,
        max_tokens: int = 64,
        style: Style | None = None,
        patience_s: float = 10.0,
    ) -> None:
        """Not ready until ``use`` is told of a server that is.

        *style* None: framed for the packaged model, open for any other. *patience_s*: the
        longest wait between two pieces.
        """
        self.counts = Counts()
        self._temperature, self._seed, self._max_tokens = temperature, seed, max_tokens
        self._wanted_style, self._patience_s = style, patience_s
        self._state = ServerState(Phase.DOWN, detail="no model server yet")
        self._client: ChatOpenAI | None = None
        # Viewers' words go to the model and nowhere else, whatever the operator's shell says.
        os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"

    @property
    def ready(self) -> bool:
        return self._state.ready

    @property
    def state(self) -> ServerState:
        return self._state

    @property
    def style(self) -> Style:
        if self._wanted_style is not None:
            return self._wanted_style
        return Style.FRAMED if self._state.model == PACKAGED_NAME else Style.OPEN

    def use(self, state: ServerState) -> None:
        """Take the server as *state* has it from now on; a draft under way is not touched."""
        known = self._state
        self._state = state
        address = (state.url, state.model, state.key)
        if state.ready and (self._client is None or address != (known.url, known.model, known.key)):
            self._client = self._connect(state)

    def probe(self) -> dict[str, object]:
        """What ``models.server.supervise`` asks a new server: the briefing of an example, so that
        the part that all briefings share is computed before the first viewer asks."""
        messages = briefing.prefix("en")[:-1]
        grammar = framed_draft(briefing.frames("en"), "en")
        return {
            "messages": [{"role": role, "content": text} for role, text in messages],
            "max_tokens": 8,
            "temperature": 0,
            "structured_outputs": {"regex": grammar},
        }

    async def write(self, message: ChatMessage, facts: Facts) -> Stream[str]:
        """The draft in pieces that each end with a sentence or a later part of one; a sentence
        that the limit cut off is left out. Closing the stream stops the model. Raises
        BackendError when the server is not there, goes away or answers rubbish."""
        told = briefing.brief(message.text, facts, message.language or "en", self.style)
        if told is None:
            return
        if self._client is None or not self.ready:
            raise BackendError(f"no model server: {self._state.detail or self._state.phase}")
        pieces = self._pieces(self._client, told)
        ended = False
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece
            ended = True
            self.counts.written += 1
        except BackendError:
            ended = True
            self.counts.failed += 1
            raise
        finally:
            if not ended:
                self.counts.cancelled += 1

    async def _pieces(self, client: ChatOpenAI, told: briefing.Briefing) -> Stream[str]:
        """The reply, held back to the end of what is whole."""
        held, came, finish = "", 0, None
        stream = client.astream(
            _messages(told.messages),
            extra_body={"structured_outputs": {"regex": told.grammar}},
        )
        try:
            async with aclosing(stream):  # type: ignore[type-var]  # an async generator all right
                async for chunk in stream:
                    assert isinstance(chunk, AIMessageChunk)
                    finish = chunk.response_metadata.get("finish_reason", finish)
                    if not chunk.text:
                        continue
                    self.counts.tokens += 1
                    came += len(chunk.text)
                    held += chunk.text
                    if came > _RUNAWAY:
                        raise BackendError(f"the model wrote {came} characters without an end")
                    if whole := _whole(held):
                        yield held[:whole]
                        held = held[whole:]
        except (OpenAIError, httpx.HTTPError) as error:
            what = type(error).__name__
            raise BackendError(
                f"the model server at {self._state.url} failed after {came} characters: {what}"
            ) from error
        except _RUBBISH as error:
            raise BackendError(
                f"the model server at {self._state.url} answered rubbish: {error!r}"
            ) from error
        if finish is None:
            raise BackendError(f"the model server closed the stream after {came} characters")
        if finish == "stop" and held:
            yield held

    def _connect(self, state: ServerState) -> ChatOpenAI:
        timeout = httpx.Timeout(self._patience_s, connect=2.0)
        return ChatOpenAI(
            base_url=state.url,
            model=state.model,
            api_key=SecretStr(state.key or "none"),
            temperature=self._temperature,
            seed=self._seed,
            max_completion_tokens=self._max_tokens,
            max_retries=0,
            stream_usage=False,
            use_responses_api=False,
            http_async_client=httpx.AsyncClient(timeout=timeout, trust_env=not is_local(state.url)),
            timeout=timeout,
        )


def _messages(told: Sequence[tuple[str, str]]) -> list[BaseMessage]:
    return convert_to_messages(list(told))


def _whole(text: str) -> int:
    """How much of *text* is whole sentences."""
    return max(text.rfind(end) for end in _ENDS) + 1
