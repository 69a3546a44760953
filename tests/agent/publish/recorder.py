"""A recording process that is to be killed: ``python -m tests.agent.publish.recorder FOLDER``.
With a second argument, no file may grow beyond so many bytes: a full disk."""

import asyncio
import resource
import sys
from pathlib import Path

from agent.publish.apart import Apart
from agent.publish.broadcast import Broadcast
from agent.publish.record import Recording
from tests.agent.publish.synthetic import SMALL, frame


def told(name: str, why: str) -> None:
    sys.stdout.write(f"{name}: {why}\n")
    sys.stdout.flush()


async def main() -> None:
    recording = Recording(Path(sys.argv[1]), "shop", "7", least_free=0)
    async with Broadcast([Apart(recording)], told, SMALL) as air:
        for number in range(400):
            await air.send(frame(number))
            await asyncio.sleep(0.004)
            if number % 25 == 0:
                sys.stdout.write(f"{number}\n")
                sys.stdout.flush()


if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
asyncio.run(main())
