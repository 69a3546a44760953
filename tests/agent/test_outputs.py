"""How the platforms do is in the record and the numbers, and never a key."""

import asyncio
from collections.abc import Mapping

from agent.outputs import Outputs
from agent.publish.broadcast import Broadcast
from agent.publish.target import Target
from agent.studio.metrics import Metrics
from tests.agent.publish.synthetic import SMALL, frame
from tests.rtmp import free_port


def test_a_platform_that_is_away_is_told_of_once_and_counted() -> None:
    told: list[tuple[str, Mapping[str, object]]] = []

    async def show() -> str:
        place = f"rtmp://127.0.0.1:{free_port()}/app"
        outputs = Outputs([Target("shop", place, "a-secret-key")])
        async with Broadcast(outputs.all, lambda name, why: None, SMALL) as air:
            number = 0
            while outputs.all[0].health.dropped < 150:  # some attempts
                await air.send(frame(number))
                number += 1
                await asyncio.sleep(0.01)
            outputs.begin(lambda kind, data: told.append((kind, data)))  # nothing is lost till then
            numbers = Metrics(lambda: {"outputs": outputs.health()}).text().decode()
        await asyncio.sleep(0.05)
        return numbers

    numbers = asyncio.run(show())
    assert 'candor_output_up{output="shop"} 0.0' in numbers
    assert 'candor_output_reconnects{output="shop"} 0.0' in numbers
    assert [(kind, data["state"]) for kind, data in told] == [
        ("output", "waiting"),
        ("output", "ended"),
    ]
    assert "Connection refused" in str(told[0][1]["error"])
    assert "secret" not in repr(told) + numbers
