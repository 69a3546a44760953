"""The platforms that a show goes out to, as they are set and as they do."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from agent.config import Config, ConfigError, Secrets
from agent.profiles import platform_of
from agent.publish.encoder import Encoding
from agent.publish.output import Health, Output
from agent.publish.target import Target

log = logging.getLogger(__name__)

Tell = Callable[[str, Mapping[str, object]], None]


def targets(config: Config, secrets: Secrets) -> list[Target]:
    """Each with its key. Raises ConfigError where one has none, before anything is on the air."""
    found = []
    for one in config.output:
        key = secrets.output_keys.get(one.variable, "")
        if not key and not one.keyless:
            raise ConfigError(
                f"[[output]] {one.name}: set its stream key in the environment as "
                f"{one.variable}, or keyless = true where the address is all that is asked for"
            )
        owner = platform_of(urlsplit(one.url).hostname or "")
        if owner and one.platform != owner:
            raise ConfigError(
                f"[[output]] {one.name}: that server is {owner}'s, whose rules hold there: write "
                f'platform = "{owner}"'
            )
        if one.ca and not one.ca.is_file():
            raise ConfigError(f"[[output]] {one.name}: ca: there is no file {one.ca}")
        if one.url.startswith("rtmp:") and key and not _here(one.url):
            log.warning(
                "a stream key goes over the network unencrypted: use rtmps where there is one",
                extra={"output": one.name},
            )
        found.append(Target(one.name, one.url, key, one.ca))
    return found


def _here(url: str) -> bool:
    """Whether the server is on this machine."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


def encoding(config: Config) -> Encoding:
    """How the one encoder encodes, for all of them."""
    wanted = config.encoder
    return Encoding(
        most_bit_s=wanted.most_kbit_s * 1000,
        sound_bit_s=wanted.sound_kbit_s * 1000,
        engine=wanted.engine,
    )


class Outputs:
    """All of a show's outputs; made on its event loop."""

    def __init__(self, targets: list[Target]) -> None:
        self._loop = asyncio.get_running_loop()
        self.all = [Output(target, self._changed) for target in targets]
        self._early: deque[dict[str, object]] | None = deque(maxlen=100)
        """What happened before anybody listened."""

    def listed(self) -> str:
        """A line for each, for the person at the terminal."""
        return "".join(f"  Goes to   {one.health.place} ({one.name})\n" for one in self.all)

    def begin(self, tell: Tell) -> None:
        """Tell *tell* what has happened, and from now on what happens."""
        self._tell = tell
        early, self._early = self._early or (), None
        for data in early:
            tell("output", data)

    def health(self) -> list[dict[str, object]]:
        """Of each: see ``agent.publish.output.Health``."""
        return [one.health.as_dict() for one in self.all]

    def _changed(self, health: Health) -> None:
        data: dict[str, object] = {
            "name": health.name,
            "place": health.place,
            "state": health.state.value,
            "error": health.error,
        }
        # The loop may have closed already when the last one ends.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._take, data)

    def _take(self, data: dict[str, object]) -> None:
        if self._early is None:
            self._tell("output", data)
        else:
            self._early.append(data)
