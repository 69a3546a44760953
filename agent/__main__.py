"""The command line: ``candor``."""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path

from agent import config as settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Gives the exit code: 0 done, 1 the answer is no, 2 it could not be done."""
    arguments = parser().parse_args(argv)
    logging.basicConfig(
        level=logging.INFO if arguments.verbose else logging.WARNING,
        format="%(levelname).1s %(name)s: %(message)s",
    )
    try:
        return int(getattr(arguments, "run", _catalog)(arguments))
    except (settings.ConfigError, CommandError) as error:
        print(f"candor: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


class CommandError(Exception):
    """The command cannot be done: says why, and what to do."""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="candor", description="An AI host for live shop streams that cannot lie."
    )
    top.add_argument("-v", "--verbose", action="store_true", help="say what is being done")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="run a show; the page it prints shows it")
    _add_config(run)
    run.add_argument("--voice", choices=["hibari", "coqui"], help="speak through this engine")
    run.add_argument("--port", type=int, help="of the pages; 0 takes a free one")
    run.add_argument("--no-model", action="store_true", help="grounded templates only")
    run.set_defaults(run=_run)

    say = commands.add_parser("say", help="answer one question through the whole pipeline")
    say.add_argument("question")
    say.add_argument("--product", metavar="SKU", help="the product on show")
    say.add_argument("--lang", choices=["en", "fr", "zh"], help="of the stream")
    say.add_argument("--out", type=Path, metavar="reply.mp4")
    say.add_argument("--json", type=Path, metavar="reply.json")
    say.add_argument("--voice", choices=["hibari", "coqui"])
    say.add_argument("--no-model", action="store_true", help="grounded templates only")
    _add_config(say)
    say.set_defaults(run=_say)

    replay = commands.add_parser("replay", help="a recorded chat as a whole show")
    replay.add_argument("chat", type=Path, metavar="chat.jsonl")
    replay.add_argument("--out", type=Path, required=True, metavar="DIR")
    replay.add_argument("--speed", type=float, default=1.0, help="the chat's clock runs N times")
    replay.add_argument("--voice", choices=["hibari", "coqui"])
    replay.add_argument("--no-model", action="store_true", help="grounded templates only")
    _add_config(replay)
    replay.set_defaults(run=_replay)

    check = commands.add_parser("check", help="what is installed, what is missing, how to mend it")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=_check)

    from catalog import cli as catalog_cli

    catalog_cli.add_arguments(commands)

    vet = commands.add_parser("vet", help="judge lines of text as the host's words")
    vet.add_argument(
        "file",
        nargs="?",
        default="-",
        help="a text file, JSONL with a text field, or - for standard input (the default)",
    )
    vet.add_argument("--plan", type=Path, metavar="showplan.toml", help="judge a run of show")
    vet.add_argument("--sku", help="the product that the lines are about")
    vet.add_argument("--lang", choices=["en", "fr", "zh"], help="by default each line's own")
    vet.add_argument("--json", action="store_true")
    _add_config(vet)
    vet.set_defaults(run=_vet)

    evaluate = commands.add_parser("eval", help="run suites of cases, scored; a gate")
    evaluate.add_argument(
        "suite",
        nargs="*",
        default=["facts", "honesty"],
        help="facts, honesty (default: both), conversation, languages, hostile, latency, long, "
        "questions, side_by_side, or a file or folder of cases (.yaml, .jsonl)",
    )
    evaluate.add_argument("--model", metavar="URL", help="of a model server, or: packaged")
    evaluate.add_argument("--report", type=Path, metavar="DIR", help="write pages to look at")
    evaluate.add_argument("--diff", type=Path, metavar="DIR", help="compare with this report")
    evaluate.add_argument("--picture", action="store_true", help="draw and film each case, too")
    evaluate.add_argument("--untimed", action="store_true", help="work takes no time")
    evaluate.add_argument(
        "--only", metavar="TEXT", help="cases with this in their id, or so tagged"
    )
    evaluate.add_argument("--lines", type=int, default=120, help="of side_by_side (default: 120)")
    evaluate.add_argument("--thresholds", type=Path, metavar="FILE.toml")
    evaluate.add_argument("--row", type=Path, metavar="FILE.jsonl", help="add a line of results")
    evaluate.add_argument("--export", type=Path, metavar="DIR", help="for other harnesses")
    evaluate.set_defaults(run=_eval)

    audit = commands.add_parser("audit", help="verify the record of a show")
    audit.add_argument("files", nargs="+", type=Path)
    audit.add_argument("--json", action="store_true")
    audit.add_argument("--erase-viewer", metavar="NAME", help="erase this viewer's words")
    audit.add_argument(
        "--export", choices=["html", "jsonl", "parquet"], help="write all files' lines as one"
    )
    audit.add_argument("--out", type=Path, help="default: record.FORMAT beside the first file")
    audit.set_defaults(run=_audit)

    host = commands.add_parser("host", help="a host made from a picture of your own")
    host.set_defaults(run=_host)
    hosts = host.add_subparsers(dest="host_command", metavar="new|sheet", required=True)
    new = hosts.add_parser("new", help="can this drawing or photo speak? writes a preview sheet")
    new.add_argument("picture", type=Path, help="PNG, JPEG or WebP: a whole head, from the front")
    new.add_argument("--consent", type=Path, metavar="FILE", help="default: consent.json beside it")
    new.add_argument("--sheet", type=Path, metavar="FILE.png", help="default: PICTURE-sheet.png")
    sheet = hosts.add_parser("sheet", help="the preview sheet of the built-in host")
    sheet.add_argument("sheet", type=Path, metavar="FILE.png")

    from agent import consent_cli, marks

    consent_cli.add_arguments(commands)
    marks.add_arguments(commands)
    return top


def _add_config(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, metavar="candor.toml")


def _load(arguments: argparse.Namespace) -> settings.Config:
    """The settings of the file, with what the command line changes."""
    loaded = settings.load(arguments.config)
    changes: dict[str, object] = {}
    if getattr(arguments, "voice", None):
        changes["voice"] = loaded.voice.model_copy(update={"engine": arguments.voice})
    if getattr(arguments, "port", None) is not None:
        changes["server"] = loaded.server.model_copy(update={"port": arguments.port})
    if getattr(arguments, "no_model", False):
        changes["writer"] = loaded.writer.model_copy(update={"enabled": False})
    show: dict[str, object] = {}
    if getattr(arguments, "lang", None):
        show["language"] = arguments.lang
    if getattr(arguments, "product", None):
        show["pinned"] = arguments.product
    if show:
        changes["show"] = loaded.show.model_copy(update=show)
    return loaded.model_copy(update=changes)


def _run(arguments: argparse.Namespace) -> int:
    from agent import app

    return _begin(app.run(_load(arguments), settings.secrets()))


def _say(arguments: argparse.Namespace) -> int:
    from agent import say

    reply = say.say(_load(arguments), settings.secrets(), arguments.question, arguments.out)
    told: list[dict[str, object]] = []
    status = _begin(_collect(reply, told))
    text = json.dumps(told[0], ensure_ascii=False, indent=2)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return status


def _replay(arguments: argparse.Namespace) -> int:
    from agent import replay

    return _begin(
        replay.replay(
            _load(arguments), settings.secrets(), arguments.chat, arguments.out, arguments.speed
        )
    )


async def _collect(
    reply: Coroutine[None, None, dict[str, object]], told: list[dict[str, object]]
) -> int:
    told.append(await reply)
    return 0


def _begin(work: Coroutine[None, None, int]) -> int:
    """Run *work* on an event loop; what cannot begin is a message, not a trace."""
    from agent.app import CannotBegin

    try:
        return asyncio.run(work)
    except CannotBegin as error:
        raise CommandError(str(error)) from error


def _check(arguments: argparse.Namespace) -> int:
    from models import check

    return check.run(arguments)


def _catalog(arguments: argparse.Namespace) -> int:
    from agent.rules.texts import never_said
    from catalog import cli
    from models.embed import embedders

    return cli.run(arguments, embedders, never_said)


def _vet(arguments: argparse.Namespace) -> int:
    from agent import vet

    return _begin(vet.vet_file(_load(arguments), arguments))


def _host(arguments: argparse.Namespace) -> int:
    from agent.admission import standing
    from models import host_cli

    return host_cli.run(arguments, settings.DATA / "cache", standing)


def _eval(arguments: argparse.Namespace) -> int:
    from evals import run

    return run.run(arguments)


def _audit(arguments: argparse.Namespace) -> int:
    from agent import audit

    status: int = audit.run(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
