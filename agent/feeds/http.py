"""A platform's HTTP interface, whose faults are the feed's."""

from collections.abc import Mapping
from datetime import UTC, datetime

import httpx
import msgspec

from agent.feeds.line import FeedError, FeedRefused

WITHIN_S = 10.0
_LARGEST = 8 * 1024 * 1024


async def ask(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    body: object = None,
    content: bytes | None = None,
    accept: tuple[int, ...] = (),
) -> Mapping[str, object]:
    """What the platform answers, as JSON; an empty object for a status of *accept*. Raises
    FeedError, and FeedRefused for 401 and 403. *body* is sent as JSON, *content* as it is. Secrets
    go into *headers*: addresses are logged."""
    try:
        async with http.stream(
            method,
            url,
            headers=dict(headers),
            params=params,
            json=body,
            content=content,
            timeout=WITHIN_S,
        ) as answer:
            if answer.status_code in accept:
                return {}
            received = b""
            async for part in answer.aiter_bytes():
                received += part
                if len(received) > _LARGEST:
                    raise FeedError(f"{answer.url.host} answered more than {_LARGEST} bytes")
    except httpx.HTTPError as error:
        raise FeedError(f"{type(error).__name__}: {error}") from error
    told = _read(received)
    if answer.is_success:
        return told
    kind = FeedRefused if answer.status_code in (401, 403) else FeedError
    raise kind(f"{answer.url.host} answered {answer.status_code}: {_why(told)}", told)


def reason(error: FeedError) -> str:
    """The platform's own word for what went wrong; empty where it gave none."""
    told = error.args[1] if len(error.args) > 1 else {}
    fault = mapping(told.get("error")) if isinstance(told, Mapping) else {}
    for each in rows(fault.get("errors")):
        return str(each.get("reason", ""))
    return ""


def mapping(value: object) -> Mapping[str, object]:
    """*value* if it is a JSON object; an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Mapping[str, object]]:
    """The objects of the JSON list *value*."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def moment(value: object) -> datetime:
    """*value* as RFC 3339 has it; now, where it is not."""
    try:
        told = datetime.fromisoformat(text(value))
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # at the ends of the calendar
        return datetime.now(UTC)


def _read(content: bytes) -> Mapping[str, object]:
    try:
        return mapping(msgspec.json.decode(content)) if content else {}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def _why(told: Mapping[str, object]) -> str:
    inner = mapping(told.get("error"))
    return text(inner.get("message")) or text(told.get("message")) or "it does not say why"
