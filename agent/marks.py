"""``candor marks``: what recordings say of themselves to machines, read back; or signed late."""

import argparse
from pathlib import Path

from agent.config import DATA
from agent.publish.provenance import Marks, ProvenanceError, own_keys, read, sign

KEYS = DATA / "keys" / "provenance"


def add_arguments(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    marks = commands.add_parser(
        "marks", help="are these films marked as AI-generated, and unchanged?"
    )
    marks.add_argument("files", nargs="+", type=Path)
    marks.add_argument(
        "--root", type=Path, help="PEM of whom to trust; by default this machine's own root"
    )
    marks.add_argument("--sign", action="store_true", help="sign those that bear no signature")
    marks.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 where every film bears both marks, and was not changed since it was signed."""
    own = KEYS / "root.pem"
    root = arguments.root or (own if own.exists() else None)
    whole = True
    for path in arguments.files:
        try:
            found = read(path, root)
            if arguments.sign and found.c2pa == "none":
                keys = own_keys(KEYS, "Candor")
                sign(path, keys, path.stem)
                found = read(path, root or keys.root)
            whole &= found.whole
            print(f"{path}: {_told(found)}")  # noqa: T201 - a command speaks here
        except (ProvenanceError, OSError) as error:
            whole = False
            print(error)  # noqa: T201
    return 0 if whole else 1


def _told(marks: Marks) -> str:
    aigc = marks.aigc
    tag = (
        f"AIGC label {aigc.get('Label')} by {aigc.get('ContentProducer')}"
        if aigc
        else "no AIGC tag"
    )
    signed = {
        "none": "not signed",
        "invalid": f"SIGNATURE BROKEN ({marks.why})",
        "valid": "unchanged since it was signed, by a root that is not known here",
        "trusted": "signed and unchanged",
    }[marks.c2pa]
    made = "; says that it was made by AI" if marks.made_by_ai else ""
    return f"{tag}; {signed}{made}"
