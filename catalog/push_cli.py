"""``candor catalog push``: load a file into the catalog of a show that is running."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast
from urllib.parse import quote

import httpx

from catalog.errors import CatalogError

_PIECE = 256 * 1024
_EVERY_S = 0.3
_TOKEN = "CANDOR_STUDIO_TOKEN"  # noqa: S105 - its name
Say = Callable[[str], None]


def add_arguments(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of ``candor catalog``."""
    push = commands.add_parser("push", help="load a file into a show that is running")
    push.add_argument("file", type=Path)
    push.add_argument(
        "--to", default="http://127.0.0.1:8800", metavar="URL", help="of the show's pages"
    )
    push.add_argument(
        "--token-env", default=_TOKEN, metavar="NAME", help="variable with the studio's token"
    )
    push.add_argument("--partial", action="store_true", help="load what is good")
    push.add_argument("--add", action="store_true", help="keep what the file does not name")
    push.add_argument("--dry-run", action="store_true", help="report, and store nothing")
    push.add_argument("--report", type=Path, metavar="FILE.html", help="keep the report as a page")


def run(args: argparse.Namespace, say: Say | None = None) -> tuple[int, list[str]]:
    """Send the file and wait until it is loaded: 0, or 1 if something was refused; and the lines
    to print. Progress goes to *say*, by default to the terminal where there is one. Raises
    CatalogError: no token, no show there, the file not taken."""
    token = os.environ.get(args.token_env, "")
    if not token:
        raise CatalogError(
            f"set {args.token_env} to the studio's token: the part after #token= in the studio's "
            "link, or what the show was started with"
        )
    if not args.file.is_file():
        raise CatalogError(f"{args.file}: there is no such file")
    say = say or _terminal()
    try:
        with httpx.Client(
            base_url=args.to, headers={"Authorization": f"Bearer {token}"}, timeout=60
        ) as show:
            state = _wait(show, _send(show, args, say), say)
            if args.report and state.get("report_url"):
                args.report.write_bytes(show.get(str(state["report_url"])).content)
    except httpx.HTTPError as error:
        raise CatalogError(
            f"{args.to}: no show can be reached there ({error}); say where it is with --to"
        ) from error
    except (ValueError, KeyError) as error:
        raise CatalogError(f"{args.to}: this is no show of Candor's") from error
    return (0 if state["ok"] else 1), [str(state.get("text") or state)]


def _send(show: httpx.Client, args: argparse.Namespace, say: Say) -> str:
    """The id of the load."""
    size = args.file.stat().st_size
    flags = "".join(
        f"&{name}={int(on)}"
        for name, on in (
            ("partial", args.partial), ("add", args.add), ("dry_run", args.dry_run)
        )
    )  # fmt: skip
    answer = show.post(
        f"/api/load?name={quote(args.file.name)}{flags}",
        content=_pieces(args.file, size, say),
        headers={"Content-Length": str(size)},
    )
    return str(_told(answer)["id"])


def _pieces(file: Path, size: int, say: Say) -> Iterator[bytes]:
    sent = 0
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
            sent += len(piece)
            say(f"sending {100 * sent // max(size, 1)} %")


def _wait(show: httpx.Client, name: str, say: Say) -> Mapping[str, object]:
    while True:
        state = _told(show.get(f"/api/load/{name}"))
        if state["error"]:
            raise CatalogError(str(state["error"]))
        if state["over"]:
            return state
        done = cast(int, state["done"])
        say(f"{state['stage']} {done:,}" if done else str(state["stage"]))
        time.sleep(_EVERY_S)


def _told(answer: httpx.Response) -> Mapping[str, object]:
    """Raises CatalogError with what the show answered where it is no success."""
    told: Mapping[str, object] = answer.json()
    if answer.is_error:
        raise CatalogError(str(told["error"]))
    return told


def _terminal() -> Say:
    """Progress on one line that is written over; nowhere else is it worth a line."""
    if not sys.stderr.isatty():
        return lambda text: None

    def say(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    return say
