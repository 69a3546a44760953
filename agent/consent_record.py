"""What a consent record says, read strictly: a field that this version does not know is refused,
for it might be a restriction."""

import base64
import binascii
import json
from pathlib import PurePosixPath
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

SCHEMA: Final = "candor-consent/1"
STATUS_SCHEMA: Final = "candor-consent-status/1"
MAX_BYTES: Final = 256 * 1024
"""A longer file is not a record."""

Modality: TypeAlias = Literal["face", "voice"]
Purpose: TypeAlias = Literal["live_commerce", "recording", "training"]
Kind: TypeAlias = Literal["built-in", "synthetic", "clone"]
Role: TypeAlias = Literal["subject", "controller"]


class MalformedError(Exception):
    """The file is not a record, or not a whole one."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(f"{field}: {remedy}")
        self.field = field
        self.remedy = remedy


class UnknownSchemaError(MalformedError):
    """The file is of another version, or holds a field that this version does not know."""


def _below(path: str) -> str:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts or parts.as_posix() != path:
        raise ValueError("must be a path below the record's folder")
    return path


def _key(text: str) -> str:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("must be a raw Ed25519 public key in base64") from error
    if len(raw) != 32:
        raise ValueError("must be a raw Ed25519 public key of 32 bytes in base64")
    return text


Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=4000)]
BelowPath: TypeAlias = Annotated[str, Field(max_length=1000), AfterValidator(_below)]
Names: TypeAlias = Annotated[tuple[Text, ...], Field(min_length=1, max_length=200)]
PublicKey: TypeAlias = Annotated[str, AfterValidator(_key)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Subject(_Strict):
    """Whose face or voice it is: a person, or the persona that was made up."""

    name: Text
    """A pseudonym will do."""
    contact: Text | None = None
    """How the person is reached; needed for a clone."""
    is_adult: bool | None = None
    """Needed for a clone."""


class Controller(_Strict):
    """Who answers for the use."""

    name: Text
    contact: Text


class Asset(_Strict):
    path: BelowPath
    """Relative to the record's folder, with forward slashes."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    kind: Modality


class Term(_Strict):
    start: AwareDatetime
    end: AwareDatetime
    """From then on it may not be used."""

    @model_validator(mode="after")
    def _in_order(self) -> "Term":
        if self.end <= self.start:
            raise ValueError("must end after it starts")
        return self


class Statement(_Strict):
    """What the person agreed to, in their own language, and how they did."""

    text: Text
    language: Annotated[str, Field(min_length=2, max_length=35)]
    given_at: AwareDatetime
    method: Text
    audio: BelowPath | None = None
    """A recording of the person saying it; needed for a voice."""
    audio_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="after")
    def _both(self) -> "Statement":
        if (self.audio is None) != (self.audio_sha256 is None):
            raise ValueError("audio and audio_sha256 go together")
        return self


class Scope(_Strict):
    """For what it may be used. What is not named is not granted."""

    platforms: Names
    """As in profiles.toml."""
    territories: Names
    """ISO 3166 codes of the markets, or EU."""
    languages: Names
    """ISO 639-1 codes that the face or voice may speak."""
    categories: Names | None = None
    """Of products; None: all but those that are forbidden."""
    categories_forbidden: Annotated[tuple[Text, ...], Field(max_length=200)] = ()


class Limits(_Strict):
    """How much it may be used; None: as much as the term allows. Counted from the records of the
    shows."""

    max_hours_per_day: Annotated[float, Field(gt=0, le=24)] | None = None
    """Of a day in UTC."""
    max_total_hours: Annotated[float, Field(gt=0)] | None = None
    max_concurrent_streams: Annotated[int, Field(ge=1)] | None = None


class Provenance(_Strict):
    """The controller's word for where a synthetic face or voice comes from."""

    made_with: Text
    """Tools, artists, source data and their licences."""
    depicts_no_real_person: Literal[True]


class Revocation(_Strict):
    channel: Text
    """How the person takes the consent back."""
    status: BelowPath
    """A signed file, relative to the record's folder, that says whether the consent stands."""
    max_age_h: Annotated[int, Field(ge=1, le=24 * 31)]
    """How old that word may be."""


class Signatory(_Strict):
    key: PublicKey


class Signatures(_Strict):
    """The public keys that must have signed; the signatures themselves lie beside the record."""

    controller: Signatory
    subject: Signatory | None = None

    def by_role(self) -> dict[Role, Signatory]:
        both: dict[Role, Signatory] = {"controller": self.controller}
        if self.subject is not None:
            both["subject"] = self.subject
        return both


class Record(_Strict):
    """One consent: who lets whom use what, for what, how long."""

    schema_: Literal["candor-consent/1"] = Field(alias="schema")
    record_id: UUID
    version: Annotated[int, Field(ge=1)]
    issued_at: AwareDatetime
    kind: Literal["synthetic", "clone"]
    subject: Subject
    controller: Controller
    modalities: Annotated[tuple[Modality, ...], Field(min_length=1)]
    assets: Annotated[tuple[Asset, ...], Field(min_length=1, max_length=1000)]
    purposes: tuple[Purpose, ...]
    """Training is never implied by another."""
    scope: Scope | None = None
    """Needed for a clone."""
    term: Term
    limits: Limits | None = None
    statement: Statement | None = None
    provenance: Provenance | None = None
    revocation: Revocation | None = None
    signatures: Signatures

    @model_validator(mode="after")
    def _whole(self) -> "Record":
        if self.kind == "synthetic":
            needed: dict[str, object] = {"provenance": self.provenance}
        else:
            needed = {
                "subject.contact": self.subject.contact,
                "subject.is_adult": self.subject.is_adult,
                "statement": self.statement,
                "scope": self.scope,
                "revocation": self.revocation,
                "signatures.subject": self.signatures.subject,
            }
        for name, value in needed.items():
            if value is None:
                raise ValueError(f"a {self.kind} needs {name}")
        spoken = self.statement is not None and self.statement.audio is not None
        if self.kind == "clone" and "voice" in self.modalities and not spoken:
            raise ValueError("a voice needs statement.audio: the person saying it")
        if len({asset.path for asset in self.assets}) != len(self.assets):
            raise ValueError("assets lists a path twice")
        return self


class Status(_Strict):
    """Whether a consent stands, as its signatory said at *checked_at*."""

    schema_: Literal["candor-consent-status/1"] = Field(alias="schema")
    record_id: UUID
    state: Literal["active", "revoked"]
    checked_at: AwareDatetime


def read_record(raw: bytes) -> Record:
    """The record in *raw*, canonical JSON. Raises MalformedError, UnknownSchemaError."""
    _of_schema(raw, SCHEMA)
    try:
        return Record.model_validate_json(raw)
    except ValidationError as error:
        raise _told(error) from error


def read_status(raw: bytes) -> Status:
    """The status in *raw*, canonical JSON. Raises MalformedError, UnknownSchemaError."""
    _of_schema(raw, STATUS_SCHEMA)
    try:
        return Status.model_validate_json(raw)
    except ValidationError as error:
        raise _told(error) from error


def canonical(value: object) -> bytes:
    """*value* as JSON that has one form only: sorted keys, no spaces, UTF-8, a newline at the end.
    Raises ValueError for what JSON cannot hold."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode() + b"\n"


def _of_schema(raw: bytes, schema: str) -> None:
    if len(raw) > MAX_BYTES:
        raise MalformedError("file", f"longer than {MAX_BYTES} bytes")
    try:
        value: object = json.loads(raw)
        same = canonical(value) == raw
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise MalformedError("file", "not JSON") from error
    if not isinstance(value, dict):
        raise MalformedError("file", "not a JSON object")
    if value.get("schema") != schema:
        raise UnknownSchemaError("schema", f"not {schema}")
    if not same:
        raise MalformedError("file", "not canonical JSON; candor consent sign writes it so")


def _told(error: ValidationError) -> MalformedError:
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "record"
    if first["type"] == "extra_forbidden":
        return UnknownSchemaError(field, "not a field that this version knows")
    return MalformedError(field, first["msg"].removeprefix("Value error, "))
