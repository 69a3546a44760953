"""The writer that the settings ask for, and the model server behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.config import Config, Secrets
from agent.ports import BackendError, Writer
from agent.types import ChatMessage, Facts, Stream
from models.llm import LangChainWriter
from models.server import ServerSpec, supervise


class NoWriter:
    """No model: the host answers with grounded templates only."""

    ready = False

    async def write(self, message: ChatMessage, facts: Facts) -> Stream[str]:
        raise BackendError("no model is set up")
        yield ""


@asynccontextmanager
async def writer(config: Config, secrets: Secrets) -> AsyncIterator[Writer]:
    """The writer, not ready at first: its server is started, or watched, beside the show."""
    wanted = config.writer
    if not wanted.enabled:
        yield NoWriter()
        return
    made = LangChainWriter(temperature=wanted.temperature)
    spec = ServerSpec(url=wanted.url, model=wanted.model, key=secrets.writer_key)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(supervise(spec, made.use, made.probe()), name="model server")
        yield made
        task.cancel()
