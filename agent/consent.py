"""May this face and this voice be used, here and now: signed records, checked before loading.

A record is a file ``consent.json`` beside the pictures or voices that it covers, in canonical JSON,
with one detached Ed25519 signature per signatory (``consent.controller.sig``, and for a real person
``consent.subject.sig``). Only the built-in synthetic assets need none. There is no override.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from agent.consent_hours import Used
from agent.consent_record import (
    SCHEMA,
    Kind,
    Limits,
    MalformedError,
    Modality,
    Purpose,
    Record,
    Role,
    UnknownSchemaError,
    read_record,
    read_status,
)
from agent.types import EU

CLOCK_SLACK: Final = timedelta(minutes=5)
"""How far ahead of our clock a signed time may lie before it is taken for a false one."""
_BUILT_IN: Final = Path(__file__).with_name("built_in.sha256")


class Reason(StrEnum):
    """Why an asset may not be used; the names of the design's result codes."""

    NO_RECORD = "NO_RECORD"
    UNKNOWN_SCHEMA = "UNKNOWN_SCHEMA"
    MALFORMED = "MALFORMED"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    HASH_MISMATCH = "HASH_MISMATCH"
    NOT_COVERED = "NOT_COVERED"
    NOT_YET_VALID = "NOT_YET_VALID"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    STALE_STATUS = "STALE_STATUS"
    PURPOSE = "PURPOSE"
    PLATFORM = "PLATFORM"
    TERRITORY = "TERRITORY"
    LANGUAGE = "LANGUAGE"
    CATEGORY = "CATEGORY"
    HOURS_EXCEEDED = "HOURS_EXCEEDED"
    CLOCK = "CLOCK"
    MINOR = "MINOR"


class ConsentRefused(Exception):  # noqa: N818 - a verdict, as Refusal is
    """The asset must not be used. The text is for the operator, and never for the voice."""

    def __init__(self, reason: Reason, field: str, remedy: str) -> None:
        super().__init__(f"{reason}: {field}: {remedy}")
        self.reason = reason
        self.field = field
        """The part of the record, or the file, that fails."""
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Trust:
    """The public keys (32 raw bytes each) whose signatures count, by what they may sign as."""

    controllers: frozenset[bytes] = frozenset()
    subjects: frozenset[bytes] = frozenset()
    revoked: frozenset[str] = frozenset()
    """Identifiers of records that no longer stand, whatever lies beside them."""

    def of(self, role: Role) -> frozenset[bytes]:
        return self.controllers if role == "controller" else self.subjects

    @classmethod
    def load(cls, folder: Path) -> "Trust":
        """Every ``controllers/*.pem`` and ``subjects/*.pem`` of *folder*, and the identifiers in
        ``revoked.txt``, one a line; an absent folder trusts nobody. Raises ValueError where a
        file is not an Ed25519 public key or a line no identifier."""
        return cls(
            frozenset(public_key(file) for file in sorted((folder / "controllers").glob("*.pem"))),
            frozenset(public_key(file) for file in sorted((folder / "subjects").glob("*.pem"))),
            _revoked(folder / "revoked.txt"),
        )


def _revoked(file: Path) -> frozenset[str]:
    if not file.exists():
        return frozenset()
    found = set()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        text = line.partition("#")[0].strip()
        if text:
            try:
                found.add(str(UUID(text)))
            except ValueError as error:
                raise ValueError(f"{file}:{number}: {text!r} is not a record's id") from error
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Use:
    """What the asset is about to be used for: all of it must be granted."""

    purposes: frozenset[Purpose] = frozenset({"live_commerce"})
    platforms: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    """Of the products that are sold."""


@dataclass(frozen=True, slots=True)
class Consent:
    """The answer yes, and to what."""

    kind: Kind
    name: str
    """Of the person or persona, as the record has it; "" for the built-in host."""
    record_id: str = ""
    """For the ledger; "" for built-in assets, which have no record."""
    until: datetime | None = None
    assets: Mapping[Path, str] = field(default_factory=dict)
    """SHA-256 of each asset as it was checked, so that a loader can see that it reads the same."""


def check(
    assets: Sequence[Path],
    modality: Modality,
    record: Path | None,
    *,
    trust: Trust,
    now: datetime,
    use: Use | None = None,
    used: Callable[[str], Used] = lambda record_id: Used(),
) -> Consent:
    """Whether every one of *assets* may be used as a face or a voice at *now* (with its zone).
    *used* tells how much of the consent with an identifier was used before.

    Built-in assets may. All others need the one *record* that covers them, None being no record.
    Reads and hashes every asset anew, some 1 ms per MB: blocking, and repeated while on air.
    Raises ConsentRefused, or OSError where an asset cannot be read.
    """
    if not assets:
        raise ValueError("nothing to check: no assets")
    hashes = {asset: sha256(asset) for asset in assets}
    foreign = {asset: digest for asset, digest in hashes.items() if digest not in _built_in()}
    if not foreign:
        return Consent("built-in", "", assets=hashes)
    if record is None or not record.is_file():
        raise ConsentRefused(
            Reason.NO_RECORD,
            str(record or next(iter(foreign)).with_name("consent.json")),
            f"{next(iter(foreign)).name} is not one of the built-in synthetic assets; put a signed "
            "record beside it (candor consent new, then candor consent sign)",
        )
    read = _read(record)
    _check_signed(read, record, trust)
    _check_person(read)
    _check_statement(read, record)
    _check_term(read, now)
    if str(read.record_id) in trust.revoked:
        raise ConsentRefused(
            Reason.REVOKED, "revoked.txt", "the record is on the list of revoked ones"
        )
    _check_revocation(read, record, now)
    _check_use(read, modality, use or Use())
    if read.limits is not None:
        _check_limits(read.limits, used(str(read.record_id)))
    for asset, digest in foreign.items():
        _check_asset(read, record, asset, digest, modality)
    return Consent(
        read.kind, read.subject.name, str(read.record_id), until=read.term.end, assets=hashes
    )


def built_in(asset: Path) -> bool:
    """Whether *asset* is, byte for byte, one of the synthetic assets that come with the project."""
    return sha256(asset) in _built_in()


def sha256(file: Path) -> str:
    """Of the file's bytes, in hexadecimal. Raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def public_key(file: Path) -> bytes:
    """The 32 raw bytes of an Ed25519 public key in PEM. Raises ValueError, OSError."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{file}: not a public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{file}: not an Ed25519 key")
    return key.public_bytes_raw()


def signature_file(signed: Path, role: Role) -> Path:
    """Where the detached signature of *role* lies: ``consent.json`` -> ``consent.subject.sig``."""
    return signed.with_suffix(f".{role}.sig")


@cache
def _built_in() -> frozenset[str]:
    lines = _BUILT_IN.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line and not line.startswith("#"))


def _read(record: Path) -> Record:
    try:
        return read_record(record.read_bytes())
    except UnknownSchemaError as error:
        raise ConsentRefused(
            Reason.UNKNOWN_SCHEMA, error.field, f"this version reads records of {SCHEMA}"
        ) from error
    except MalformedError as error:
        raise ConsentRefused(Reason.MALFORMED, error.field, error.remedy) from error


def _check_signed(read: Record, record: Path, trust: Trust) -> None:
    keys = {role: signatory.key for role, signatory in read.signatures.by_role().items()}
    if len(set(keys.values())) != len(keys):
        raise ConsentRefused(
            Reason.BAD_SIGNATURE,
            "signatures.subject.key",
            "the person and the controller must sign with keys of their own",
        )
    for role, key in keys.items():
        if base64.b64decode(key) not in trust.of(role):
            raise ConsentRefused(
                Reason.BAD_SIGNATURE,
                f"signatures.{role}.key",
                f"the key is not among the trusted {role}s; once you know whose it is, put its "
                f"PEM file into the trust folder under {role}s/",
            )
        if not _verifies(record, role, key):
            raise ConsentRefused(
                Reason.BAD_SIGNATURE,
                signature_file(record, role).name,
                f"missing, or not the {role}'s signature of this record as it now reads; have it "
                "signed again (candor consent sign)",
            )


def _verifies(signed: Path, role: Role, key: str) -> bool:
    try:
        signature = base64.b64decode(
            signature_file(signed, role).read_text(encoding="ascii").strip(), validate=True
        )
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(
            signature, signed.read_bytes()
        )
    except (FileNotFoundError, UnicodeDecodeError, binascii.Error, InvalidSignature):
        return False
    return True


def _check_person(read: Record) -> None:
    if read.kind == "clone" and read.subject.is_adult is not True:
        raise ConsentRefused(
            Reason.MINOR, "subject.is_adult", "faces and voices of minors are never used"
        )


def _check_term(read: Record, now: datetime) -> None:
    if now < read.term.start:
        raise ConsentRefused(
            Reason.NOT_YET_VALID, "term.start", f"valid from {read.term.start.isoformat()}"
        )
    if now >= read.term.end:
        raise ConsentRefused(
            Reason.EXPIRED,
            "term.end",
            f"ended at {read.term.end.isoformat()}; a new record must be agreed and signed",
        )


def _check_revocation(read: Record, record: Path, now: datetime) -> None:
    if read.revocation is None:
        return
    file = record.parent / read.revocation.status
    remedy = "ask the person whether the consent stands, then: candor consent status"
    try:
        status = read_status(file.read_bytes())
    except FileNotFoundError as error:
        raise ConsentRefused(Reason.STALE_STATUS, file.name, f"missing; {remedy}") from error
    except MalformedError as error:
        raise ConsentRefused(
            Reason.STALE_STATUS, f"{file.name}: {error.field}", f"unreadable; {remedy}"
        ) from error
    if status.record_id != read.record_id:
        raise ConsentRefused(
            Reason.STALE_STATUS, f"{file.name}: record_id", "it speaks of another record"
        )
    if status.state == "revoked":  # signed or not: a doubt is decided for the person
        raise ConsentRefused(
            Reason.REVOKED, file.name, "stop using the asset and delete what was derived from it"
        )
    _check_status_signed(read, file)
    age = now - status.checked_at
    if age < -CLOCK_SLACK:
        raise ConsentRefused(
            Reason.STALE_STATUS, f"{file.name}: checked_at", "it lies in the future; set the clock"
        )
    if age > timedelta(hours=read.revocation.max_age_h):
        raise ConsentRefused(
            Reason.STALE_STATUS,
            f"{file.name}: checked_at",
            f"older than {read.revocation.max_age_h} h; {remedy}",
        )


def _check_status_signed(read: Record, file: Path) -> None:
    signatories = read.signatures.by_role()
    if not any(_verifies(file, role, signatory.key) for role, signatory in signatories.items()):
        raise ConsentRefused(
            Reason.BAD_SIGNATURE,
            file.name,
            "signed by none of the record's signatories (candor consent status signs it)",
        )


def _check_use(read: Record, modality: Modality, use: Use) -> None:
    if modality not in read.modalities:
        raise ConsentRefused(
            Reason.NOT_COVERED, "modalities", f"the record does not grant the {modality}"
        )
    if lacking := sorted(use.purposes - set(read.purposes)):
        remedy = "set record_video = false in candor.toml, or " if "recording" in lacking else ""
        raise ConsentRefused(
            Reason.PURPOSE,
            "purposes",
            f"the record does not grant {', '.join(lacking)}; {remedy}agree on a new record",
        )
    scope = read.scope
    if scope is None:  # a synthetic persona's, which nobody limited
        return
    for reason, name, asked, granted in (
        (Reason.PLATFORM, "platforms", use.platforms, set(scope.platforms)),
        (Reason.TERRITORY, "territories", use.territories, _territories(scope.territories)),
        (Reason.LANGUAGE, "languages", use.languages, set(scope.languages)),
    ):
        if beyond := sorted(asked - granted):
            raise ConsentRefused(
                reason,
                f"scope.{name}",
                f"not granted: {', '.join(beyond)}; leave it out of candor.toml, or agree on a new "
                "record",
            )
    beyond = sorted(use.categories & set(scope.categories_forbidden))
    if scope.categories is not None:
        beyond += sorted(use.categories - set(scope.categories))
    if beyond:
        raise ConsentRefused(
            Reason.CATEGORY,
            "scope.categories",
            f"products of this kind are not granted: {', '.join(beyond)}; take them out of the "
            "show's catalog, or agree on a new record",
        )


def _check_limits(limits: Limits, used: Used) -> None:
    for name, most, spent, remedy in (
        ("max_hours_per_day", limits.max_hours_per_day, used.today, "go on tomorrow (UTC)"),
        ("max_total_hours", limits.max_total_hours, used.total, "agree on a new record"),
    ):
        if most is not None and spent >= timedelta(hours=most):
            raise ConsentRefused(
                Reason.HOURS_EXCEEDED,
                f"limits.{name}",
                f"{spent / timedelta(hours=1):.2f} of {most:g} hours are used; {remedy}",
            )
    most_shows = limits.max_concurrent_streams
    if most_shows is not None and used.elsewhere >= most_shows:
        raise ConsentRefused(
            Reason.HOURS_EXCEEDED,
            "limits.max_concurrent_streams",
            f"on the air in {used.elsewhere} other shows already; end one of them first",
        )


def _territories(granted: Sequence[str]) -> set[str]:
    return set(granted) | (set(EU) if "EU" in granted else set())


def _check_statement(read: Record, record: Path) -> None:
    said = read.statement
    if said is None or said.audio is None:
        return
    file = record.parent / said.audio
    if not file.is_file() or sha256(file) != said.audio_sha256:
        raise ConsentRefused(
            Reason.HASH_MISMATCH,
            "statement.audio",
            f"{said.audio} is missing, or is not the recording that was signed",
        )


def check_clock(mark: Path, now: datetime) -> None:
    """Whether *now* is not before a time that was seen already: a clock set back would make an
    ended consent look valid. *mark* is the file that remembers. Raises ConsentRefused, OSError."""
    seen = None
    with suppress(FileNotFoundError, ValueError):
        seen = datetime.fromisoformat(mark.read_text(encoding="ascii").strip())
    if seen is not None and now < seen - CLOCK_SLACK:
        raise ConsentRefused(
            Reason.CLOCK,
            "clock",
            f"it is {now.isoformat(timespec='seconds')}, but it was {seen.isoformat()} before: set "
            f"the clock right (or, if it was ahead then, delete {mark})",
        )
    if seen is None or now > seen:
        mark.parent.mkdir(parents=True, exist_ok=True)
        scratch = mark.with_suffix(".new")
        scratch.write_text(now.isoformat(timespec="seconds"), encoding="ascii")
        scratch.replace(mark)


def _check_asset(read: Record, record: Path, asset: Path, digest: str, modality: Modality) -> None:
    folder = record.parent.resolve()
    place = asset.resolve()
    inside = place.relative_to(folder).as_posix() if place.is_relative_to(folder) else None
    listed = next((item for item in read.assets if inside == item.path), None)
    if inside is None or listed is None:
        raise ConsentRefused(
            Reason.NOT_COVERED,
            "assets",
            f"{asset.name} is not listed; a record covers only what it lists, below its folder",
        )
    if listed.kind != modality:
        raise ConsentRefused(
            Reason.NOT_COVERED,
            f"assets: {listed.path}: kind",
            f"granted as a {listed.kind}, not as a {modality}",
        )
    if listed.sha256 != digest:
        raise ConsentRefused(
            Reason.HASH_MISMATCH,
            f"assets: {listed.path}: sha256",
            "the file is not the one that was consented to; put the original back",
        )
