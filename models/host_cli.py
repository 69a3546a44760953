"""``candor host new PICTURE``: try a picture as a host, and look at all that she does."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2

from models.atlas import Atlas
from models.face import default_host
from models.host_sheet import sheet
from models.picture import PictureError
from models.portrait import make_atlas

HOLDS = ""
"""What *standing* gives where a consent record lets the picture be used."""


def run(arguments: argparse.Namespace, cache: Path, standing: Callable[[Path, Path], str]) -> int:
    """Do what *arguments* ask; gives the exit code: 0 done, 1 the picture makes no host, 2 it could
    not be read or written. *standing*: why the record in a file does not let the picture be used,
    or HOLDS; only where it holds is anything of the face kept in *cache*."""
    try:
        if arguments.host_command == "sheet":
            return _write(arguments.sheet, default_host())
        return _new(arguments, cache, standing)
    except PictureError as error:
        sys.stderr.write(f"{arguments.picture} makes no host: {error}.\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"candor host: {error}\n")
        return 2


def _new(arguments: argparse.Namespace, cache: Path, standing: Callable[[Path, Path], str]) -> int:
    began = time.monotonic()
    picture: Path = arguments.picture
    record = arguments.consent or picture.with_name("consent.json")
    refused = standing(picture, record)
    with tempfile.TemporaryDirectory() as passing:
        atlas = make_atlas(picture, cache if refused == HOLDS else Path(passing))
    target = arguments.sheet or picture.with_name(f"{picture.stem}-sheet.png")
    status = _write(target, atlas)
    _say(f"Made in {time.monotonic() - began:.0f} s. Look at it whole before it airs.")
    if refused == HOLDS:
        _say("Its consent record holds, and the host is kept ready. In candor.toml:")
    else:
        _say(f"No show loads it yet, and nothing of the face was kept: {refused}")
        _say(f"Draft a record with: candor consent new --face {picture} --out {record} ...")
        _say("When it is signed, in candor.toml:")
    _say(f'[host]\nportrait = "{picture}"\nconsent = "{record}"')
    return status


def _write(target: Path, atlas: Atlas) -> int:
    if not cv2.imwrite(str(target), sheet(atlas)):
        raise OSError(f"{target} cannot be written; name a .png file in a folder that is there")
    _say(f"Mouths, eyes and looks: {target}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
