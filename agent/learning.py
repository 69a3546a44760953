"""Learns what waiting questions mean, so that alike ones are answered together; beside the show."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from agent.inbox import Inbox
from agent.ports import BackendError, Meanings
from agent.types import Focus

log = logging.getLogger(__name__)

REST: Final = 3.0
"""Times as long as a look took the next one waits: a flood costs a quarter of a core."""
LOOK_S: Final = 5.0
"""No look takes longer, or its question is answered by itself."""


async def learn(inbox: Inbox, meanings: Meanings, shown: Callable[[], str | None]) -> None:
    """For ever. *shown* tells the product on show."""
    clock = asyncio.get_running_loop().time
    while True:
        item = await inbox.to_learn()
        begun, language = clock(), item.message.language
        if language is None:
            continue
        try:
            async with asyncio.timeout(LOOK_S):
                text, focus = item.understanding.text, item.focus or Focus()
                inbox.learn(item, await meanings.meaning(text, language, focus), shown())
        except (BackendError, TimeoutError) as error:
            log.warning("a question was not compared with others", extra={"error": repr(error)})
        await asyncio.sleep(REST * (clock() - begun))
