"""The run of show over HTTP: looked at, moved, edited; for who has the token."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from agent.ports import PlanDesk
from agent.showplan import LONGEST


class NewPlan(Struct, forbid_unknown_fields=True):
    """What the studio saves."""

    text: Annotated[str, Meta(max_length=LONGEST)]


class Unsaid(ValueError):  # noqa: N818 - an answer, not an error of ours
    """The plan stays as it was: says why."""


async def save(desk: PlanDesk, body: bytes) -> dict[str, object]:
    """Raises Unsaid."""
    try:
        given = msgspec.json.decode(body, type=NewPlan)
        await desk.save(given.text)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise Unsaid(str(error)) from error
    except OSError as error:
        raise Unsaid(f"the plan cannot be kept: {error}") from error
    return desk.state()
