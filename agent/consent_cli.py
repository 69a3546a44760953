"""``candor consent``: make keys, draft a record, sign it, say whether it stands, verify it."""

import argparse
import base64
import json
import secrets
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from agent.consent import ConsentRefused, Trust, Use, check, public_key, sha256, signature_file
from agent.consent_hours import Hours, Used
from agent.consent_record import (
    SCHEMA,
    STATUS_SCHEMA,
    MalformedError,
    Role,
    canonical,
    read_record,
    read_status,
)


def add_arguments(top: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``consent`` and its subcommands to those of ``candor``."""
    parser = top.add_parser("consent", help="records that let a face or a voice be used")
    parser.set_defaults(run=run)
    commands = parser.add_subparsers(dest="consent_command", required=True)

    key = commands.add_parser("key", help="make a key: FILE (private, keep it) and FILE.pub.pem")
    key.add_argument("file", type=Path)

    new = commands.add_parser("new", help="draft a record beside the assets, to be read and signed")
    new.add_argument("--kind", choices=["synthetic", "clone"], required=True)
    new.add_argument("--name", required=True, help="of the person or the persona")
    new.add_argument("--contact", help="how the person is reached (clone)")
    new.add_argument("--adult", action="store_true", help="the person is of age (clone)")
    new.add_argument("--controller", required=True, help="who answers for the use")
    new.add_argument("--controller-contact", required=True)
    new.add_argument("--controller-key", type=Path, required=True, help="public key in PEM")
    new.add_argument("--subject-key", type=Path, help="the person's public key in PEM (clone)")
    new.add_argument("--face", type=Path, nargs="*", default=[], help="pictures")
    new.add_argument("--voice", type=Path, nargs="*", default=[], help="voice files")
    new.add_argument("--made-with", help="tools, artists, sources, licences (synthetic)")
    new.add_argument("--statement", help="what the person agreed to, in their words (clone)")
    new.add_argument("--statement-language", default="en")
    new.add_argument("--method", help="how the person gave the statement (clone)")
    new.add_argument("--revoke-by", help="how the person takes it back (clone)")
    new.add_argument("--purpose", nargs="+", default=["live_commerce"])
    new.add_argument("--platform", nargs="+", help="where it may be shown (clone)")
    new.add_argument("--territory", nargs="+", help="ISO 3166 codes, or EU (clone)")
    new.add_argument("--language", nargs="+", help="ISO 639-1 codes it may speak (clone)")
    new.add_argument("--category", nargs="+", help="of products; by default all")
    new.add_argument("--not-category", nargs="+", default=[], help="of products, never")
    new.add_argument("--statement-audio", type=Path, help="the person saying it (voice of a clone)")
    new.add_argument("--days", type=int, default=365)
    new.add_argument("--hours-per-day", type=float, help="on the air at most")
    new.add_argument("--total-hours", type=float, help="on the air at most")
    new.add_argument("--concurrent", type=int, help="shows at the same time, at most")
    new.add_argument("--out", type=Path, required=True, help="consent.json, in the assets' folder")

    sign = commands.add_parser("sign", help="sign a record as one of its signatories")
    sign.add_argument("record", type=Path)
    sign.add_argument("--role", choices=["controller", "subject"], required=True)
    sign.add_argument("--key", type=Path, required=True, help="private key")

    status = commands.add_parser("status", help="say, signed, that a consent stands or is revoked")
    status.add_argument("record", type=Path)
    status.add_argument("--state", choices=["active", "revoked"], required=True)
    status.add_argument("--role", choices=["controller", "subject"], required=True)
    status.add_argument("--key", type=Path, required=True, help="private key")

    revoke = commands.add_parser("revoke", help="take a consent back, for good")
    revoke.add_argument("record", type=Path)
    revoke.add_argument("--role", choices=["controller", "subject"], required=True)
    revoke.add_argument("--key", type=Path, required=True, help="private key")
    revoke.set_defaults(state="revoked")

    verify = commands.add_parser("verify", help="may this be used now?")
    verify.add_argument("record", type=Path)
    verify.add_argument("--trust", type=Path, required=True, help="folder of trusted keys")
    verify.add_argument("--purpose", nargs="+", default=["live_commerce"])
    verify.add_argument("--platform", nargs="+", default=[], help="where it is to be shown")
    verify.add_argument("--territory", nargs="+", default=[], help="from where it is watched")
    verify.add_argument("--language", nargs="+", default=[], help="that it is to speak")
    verify.add_argument("--category", nargs="+", default=[], help="of products")
    verify.add_argument("--shows", type=Path, help="folder of shows, to count hours from")


def run(arguments: argparse.Namespace) -> int:
    """Do what *arguments* ask; gives the exit code: 0 done, 1 refused, 2 bad input."""
    commands = {"key": _key, "new": _new, "sign": _sign, "status": _status, "verify": _verify}
    commands["revoke"] = _status
    try:
        return commands[arguments.consent_command](arguments)
    except ConsentRefused as error:
        _say(f"refused: {error}", error=True)
        return 1
    except FileNotFoundError as error:
        _say(f"candor consent: {error.filename}: no such file", error=True)
        return 2
    except (OSError, ValueError, MalformedError) as error:
        _say(f"candor consent: {error}", error=True)
        return 2


def _key(arguments: argparse.Namespace) -> int:
    key = Ed25519PrivateKey.generate()
    file: Path = arguments.file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = file.with_name(f"{file.name}.pub.pem")
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    _say(f"{file} is private: keep it. {public} is what others trust.")
    return 0


def _new(arguments: argparse.Namespace) -> int:
    out: Path = arguments.out
    if out.exists():
        raise ValueError(f"{out} exists already")
    clone = arguments.kind == "clone"
    _complete(arguments)
    subject: dict[str, object] = {"name": arguments.name}
    signatures = {"controller": {"key": _base64(public_key(arguments.controller_key))}}
    now = datetime.now(UTC).replace(microsecond=0)
    record: dict[str, object] = {
        "schema": SCHEMA,
        "record_id": str(uuid7()),
        "version": 1,
        "issued_at": now.isoformat(),
        "kind": arguments.kind,
        "subject": subject,
        "controller": {"name": arguments.controller, "contact": arguments.controller_contact},
        "modalities": [kind for kind in ("face", "voice") if getattr(arguments, kind)],
        "assets": [
            {
                "path": _beside(file, out),
                "sha256": sha256(file),
                "kind": kind,
            }
            for kind in ("face", "voice")
            for file in getattr(arguments, kind)
        ],
        "purposes": arguments.purpose,
        "term": {
            "start": now.isoformat(),
            "end": (now + timedelta(days=arguments.days)).isoformat(),
        },
        "signatures": signatures,
    }
    if clone:
        subject |= {"contact": arguments.contact, "is_adult": arguments.adult}
        statement: dict[str, object] = {
            "text": arguments.statement,
            "language": arguments.statement_language,
            "given_at": now.isoformat(),
            "method": arguments.method,
        }
        record["statement"] = statement
        record["revocation"] = {
            "channel": arguments.revoke_by,
            "status": out.with_suffix(".status.json").name,
            "max_age_h": 24,
        }
        if arguments.statement_audio is not None:
            audio: Path = arguments.statement_audio
            statement |= {
                "audio": _beside(audio, out),
                "audio_sha256": sha256(audio),
            }
        if arguments.subject_key is not None:
            signatures["subject"] = {"key": _base64(public_key(arguments.subject_key))}
    if arguments.platform or arguments.territory or arguments.language:
        record["scope"] = {
            "platforms": arguments.platform,
            "territories": arguments.territory,
            "languages": arguments.language,
            "categories": arguments.category,
            "categories_forbidden": arguments.not_category,
        }
    limits = {
        "max_hours_per_day": arguments.hours_per_day,
        "max_total_hours": arguments.total_hours,
        "max_concurrent_streams": arguments.concurrent,
    }
    if any(value is not None for value in limits.values()):
        record["limits"] = limits
    if not clone:
        record["provenance"] = {
            "made_with": arguments.made_with,
            "depicts_no_real_person": True,
        }
    raw = canonical(record)
    read_record(raw)
    out.write_bytes(raw)
    _say(f"{out}: read it, have it read, then candor consent sign")
    return 0


_OF_A_CLONE = (
    *("contact", "adult", "subject_key", "statement", "method", "revoke_by"),
    *("platform", "territory", "language"),
)
"""Options that the record of a real person's face or voice needs."""


def _complete(arguments: argparse.Namespace) -> None:
    """Raises ValueError, naming all that is missing for a record of this kind."""
    needed = _OF_A_CLONE if arguments.kind == "clone" else ("made_with",)
    missing = [f"--{name.replace('_', '-')}" for name in needed if not getattr(arguments, name)]
    if arguments.kind == "clone" and arguments.voice and not arguments.statement_audio:
        missing.append("--statement-audio")
    if missing:
        raise ValueError(
            f"a record of kind {arguments.kind} needs {', '.join(missing)} as well (--help says "
            "what each is)"
        )
    if not arguments.face and not arguments.voice:
        raise ValueError("name what it covers: pictures after --face, or voice files after --voice")


def _beside(file: Path, record: Path) -> str:
    """The path of an asset from the folder of its record. Raises ValueError for one elsewhere."""
    folder = record.parent.resolve()
    if not file.is_file():
        raise ValueError(f"{file}: no such file")
    if not file.resolve().is_relative_to(folder):
        raise ValueError(f"{file} is not in {folder}: put it beside the record that covers it")
    return file.resolve().relative_to(folder).as_posix()


def _sign(arguments: argparse.Namespace) -> int:
    record: Path = arguments.record
    raw = canonical(json.loads(record.read_bytes()))
    _write_signature(record, raw, arguments)
    record.write_bytes(raw)
    _say(f"{signature_file(record, arguments.role)}: signed as the {arguments.role}")
    return 0


def _status(arguments: argparse.Namespace) -> int:
    record: Path = arguments.record
    read = read_record(record.read_bytes())
    if read.revocation is None:
        raise ValueError(f"{record} has no revocation; a synthetic persona's needs no status")
    file = record.parent / read.revocation.status
    if file.exists() and read_status(file.read_bytes()).state == "revoked":
        raise ValueError(f"{file}: revoked, and stays so; a new consent is a new record")
    raw = canonical(
        {
            "schema": STATUS_SCHEMA,
            "record_id": str(read.record_id),
            "state": arguments.state,
            "checked_at": datetime.now(UTC).replace(microsecond=0).isoformat(),
        }
    )
    _write_signature(file, raw, arguments, of=record)
    file.write_bytes(raw)
    _say(f"{file}: {arguments.state}")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    record: Path = arguments.record
    read = read_record(record.read_bytes())
    trust, now = Trust.load(arguments.trust), datetime.now(UTC)
    use = Use(
        frozenset(arguments.purpose),
        frozenset(arguments.platform),
        frozenset(arguments.territory),
        frozenset(arguments.language),
        frozenset(arguments.category),
    )
    hours = Hours(arguments.shows) if arguments.shows else None

    def used(record_id: str) -> Used:
        return hours.used(record_id, now) if hours else Used()

    for modality in read.modalities:
        assets = [record.parent / item.path for item in read.assets if item.kind == modality]
        if assets:
            check(assets, modality, record, trust=trust, now=now, use=use, used=used)
        _say(f"ok: {modality} of {read.subject.name} until {read.term.end.isoformat()}")
    return 0


def _write_signature(
    file: Path, raw: bytes, arguments: argparse.Namespace, of: Path | None = None
) -> None:
    """Sign *raw*, to be written to *file*, with the key that the record *of* names for the role."""
    role: Role = arguments.role
    key = load_pem_private_key(arguments.key.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{arguments.key}: not an Ed25519 key")
    record = read_record(raw if of is None else of.read_bytes())
    named = record.signatures.by_role().get(role)
    if named is None or named.key != _base64(key.public_key().public_bytes_raw()):
        raise ValueError(f"{arguments.key} is not the key that the record names for the {role}")
    signature_file(file, role).write_text(_base64(key.sign(raw)) + "\n", encoding="ascii")


def uuid7() -> UUID:
    """A new identifier that sorts by the time it was made (RFC 9562, version 7)."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _say(line: str, *, error: bool = False) -> None:
    (sys.stderr if error else sys.stdout).write(line + "\n")
