"""candor.toml: one file, read once, strict; secrets come from the environment only."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from agent.budget import NOTICE_EVERY_S
from agent.retention import KEEP_DAYS, WORDS_DAYS
from agent.types import Language

DATA = Path(".candor")
"""Where a show keeps what it makes: models, caches, catalogs, recordings and records."""
KEY_PREFIX = "CANDOR_KEY_"
"""Of the environment's variables that hold stream keys."""
FEED_PREFIXES = ("CANDOR_TWITCH_", "CANDOR_YOUTUBE_", "CANDOR_BILIBILI_", "CANDOR_WEBHOOK_")
"""Of those that hold what the platforms' chats ask for."""
_REMEDIES = {
    "url": "the server's address alone, as rtmps://live.example.com/app: no key, no ? and no @",
    "platform": "say whose rules hold there: a name in agent/profiles.toml, as twitch or own-site",
    "name": "small letters, digits and hyphens, as in the variable with its stream key",
}
"""For what is wrong about an output, whose values are not repeated: there may be a key in them."""


class ConfigError(Exception):
    """The settings cannot be used: says which file and key, and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class ShowSettings(_Strict):
    language: Language = "en"
    """Of the stream: label, notices."""
    catalog: Path = DATA / "shop.duckdb"
    """The shop's DuckDB file. Where it is the default and missing, the sample shop is loaded."""
    pinned: str | None = None
    """SKU on show at the start; by default the first product."""
    plan: Path | None = None
    """The run of show (agent/showplan.py); with the sample shop, that of the sample by default."""
    folder: Path = DATA / "shows"
    """Recordings and records."""
    record_video: bool = True
    platforms: tuple[str, ...] = ("own-site",)
    """Where it is shown: names in agent/profiles.toml."""
    markets: tuple[str, ...] = ()
    """From where it is watched, ISO 3166 codes or EU; by default the shop's own market."""
    attended: bool = False
    """Somebody is at the controls the whole time; some platforms ask for it."""
    notice_every_s: Annotated[float, Field(ge=NOTICE_EVERY_S[0], le=NOTICE_EVERY_S[1])] = 600.0


class VoiceSettings(_Strict):
    engine: Literal["hibari", "coqui"] = "hibari"
    model: Path | None = None
    """A Coqui checkpoint of one's own; with *config* and a consent record."""
    config: Path | None = None
    consent: Path | None = None
    names: Path | None = None
    """How the shop's names are said: "written = spoken" a line."""


class HostSettings(_Strict):
    portrait: Path | None = None
    """A picture of one's own instead of the built-in host; with a consent record."""
    consent: Path | None = None
    backdrop: Path | None = None


class WriterSettings(_Strict):
    enabled: bool = True
    """False: grounded templates only."""
    url: str | None = None
    """An OpenAI-compatible server ("http://gpu-box:8000/v1"); by default one is started here."""
    model: str | None = None
    """The model's name on that server; by default its first."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0


class EarsSettings(_Strict):
    enabled: bool = True
    model: Path | None = None
    """A faster-whisper model folder; by default the packaged English one."""


class RecordSettings(_Strict):
    keep_days: Annotated[int, Field(ge=30)] = KEEP_DAYS
    """Records and recordings; see agent/retention.py for why three years."""
    words_days: Annotated[int, Field(ge=1)] = WORDS_DAYS
    """Viewers' names and words in them."""
    questions_days: Annotated[int, Field(ge=1)] = 30
    """Questions that the catalog had no answer to, in the list for the staff."""


class ServerSettings(_Strict):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8800
    upload_mb: Annotated[int, Field(ge=1)] = 2048
    """MiB of one file that the staff upload while the show runs."""
    embed: tuple[str, ...] = ()
    """Sites that may show the watch page in a frame, as "https://shop.example"."""
    hosts: tuple[str, ...] = ()
    """Names that the show is reached by behind a proxy, as "live.shop.example"."""


class OutputSettings(_Strict):
    """One platform that the show goes out to, beside its own page. Its stream key comes from the
    environment: CANDOR_KEY_ and the name."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    platform: str
    """Whose rules hold there: a name in agent/profiles.toml. It counts as one of the show's."""
    url: Annotated[str, Field(pattern=r"^rtmps?://[^/\s@?#]+/[^\s?#]+$")]
    """What the platform calls server or ingest address."""
    keyless: bool = False
    """*url* is all that the server asks for."""
    ca: Path | None = None
    """PEM file of the roots to trust for rtmps; by default those of this machine."""

    @property
    def variable(self) -> str:
        """Where its stream key is."""
        return KEY_PREFIX + self.name.upper().replace("-", "_")


class FeedSettings(_Strict):
    """One platform's chat that the host answers, beside that of its own page. What it needs of
    secrets comes from the environment; see agent/feeds/opened.py."""

    platform: Literal["twitch", "youtube", "bilibili"]
    """One of *platforms* in [show], so that its rules hold."""
    channel: Annotated[str, Field(min_length=1, max_length=100, coerce_numbers_to_str=True)]
    """Twitch: the channel's name. YouTube: the live video's id. Bilibili: the app's number."""
    units: Annotated[int, Field(ge=6)] = 10_000
    """YouTube: what its Data API gives this project a day."""
    hours: Annotated[float, Field(gt=0, le=24)] = 12.0
    """YouTube: for how many hours of show they are to last."""


class HlsSettings(_Strict):
    folder: Path | None = None
    """Where the show is written as HLS, for a web server or CDN; of its own. By default nowhere."""
    segment_s: Annotated[float, Field(ge=1, le=10)] = 2.0


class EncoderSettings(_Strict):
    engine: Literal["x264", "nvenc"] = "x264"
    """nvenc: on a graphics card; where that cannot be, x264, and the studio says why."""
    most_kbit_s: Annotated[int, Field(ge=300, le=20_000)] = 2500
    """The most the picture may take in any second."""
    sound_kbit_s: Annotated[int, Field(ge=48, le=320)] = 96


class RulesSettings(_Strict):
    file: Path | None = None
    """A merchant's own forbidden terms and substantiated claims (agent/rules/own.py)."""


class Config(_Strict):
    """All of candor.toml."""

    show: ShowSettings = ShowSettings()
    voice: VoiceSettings = VoiceSettings()
    host: HostSettings = HostSettings()
    writer: WriterSettings = WriterSettings()
    ears: EarsSettings = EarsSettings()
    server: ServerSettings = ServerSettings()
    rules: RulesSettings = RulesSettings()
    record: RecordSettings = RecordSettings()
    encoder: EncoderSettings = EncoderSettings()
    hls: HlsSettings = HlsSettings()
    registered: dict[str, str] = {}
    """The host's registration number, by platform."""
    output: tuple[OutputSettings, ...] = ()

    @property
    def platforms(self) -> tuple[str, ...]:
        """Where it is shown, outputs and all: names in agent/profiles.toml."""
        return tuple(dict.fromkeys((*self.show.platforms, *(o.platform for o in self.output))))

    feed: tuple[FeedSettings, ...] = ()

    @field_validator("output")
    @classmethod
    def _each_its_own(cls, outputs: tuple[OutputSettings, ...]) -> tuple[OutputSettings, ...]:
        if len({one.variable for one in outputs}) < len(outputs):
            raise ValueError("two outputs have the same name: give each a name of its own")
        return outputs


class Secrets(_Strict):
    """What only the environment may hold."""

    studio_token: str | None = Field(None, repr=False)
    """CANDOR_STUDIO_TOKEN; made anew at each start when it is not set."""
    merchant_token: str | None = Field(None, repr=False)
    """CANDOR_MERCHANT_TOKEN, for who keeps the catalog and does not touch the show."""
    writer_key: str | None = Field(None, repr=False)
    """CANDOR_WRITER_KEY, for a writer behind a key."""
    output_keys: dict[str, str] = Field({}, repr=False)
    """The stream keys that are set, by the name of their variable."""
    feed_keys: dict[str, str] = Field({}, repr=False)
    """What the platforms' chats ask for, by the name of its variable."""


def load(path: Path | None) -> Config:
    """The settings in *path*; the defaults when there is none. Raises ConfigError."""
    if path is None:
        path = Path("candor.toml")
        if not path.exists():
            return Config()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        return Config.model_validate(content)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(path, error))) from error


def secrets(environment: Mapping[str, str] = os.environ) -> Secrets:
    return Secrets(
        studio_token=environment.get("CANDOR_STUDIO_TOKEN") or None,
        merchant_token=environment.get("CANDOR_MERCHANT_TOKEN") or None,
        writer_key=environment.get("CANDOR_WRITER_KEY") or None,
        output_keys=_named(environment, KEY_PREFIX),
        feed_keys=_named(environment, *FEED_PREFIXES),
    )


def _named(environment: Mapping[str, str], *prefixes: str) -> dict[str, str]:
    """The variables that begin with one of *prefixes* and are not empty."""
    return {
        name: key.strip()
        for name, key in environment.items()
        if name.startswith(prefixes) and key.strip()
    }


def _explain(path: Path, error: ValidationError) -> list[str]:
    lines = []
    for fault in error.errors():
        *section, key = [str(part) for part in fault["loc"]]
        where = f"{path}: [{'.'.join(section)}] {key}" if section else f"{path}: {key}"
        if "output" in (*section, key):
            lines.append(_explain_output(path, [*section, key], fault["type"], fault["msg"]))
            continue
        if section[:1] == ["feed"] and len(section) > 1:
            where = f"{path}: [[feed]] number {int(section[1]) + 1}: {key}"
        if fault["type"] != "extra_forbidden":
            lines.append(f"{where}: {fault['msg'].lower()} (it is {fault['input']!r})")
            continue
        near = difflib.get_close_matches(key, _keys(section), 1)
        hint = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(_keys(section))}"
        lines.append(f"{where} is not a key{hint}")
    return lines


def _explain_output(path: Path, place: list[str], kind: str, message: str) -> str:
    """What is wrong about one output, without its value: a key may have been put in its place."""
    if len(place) < 3:
        return f"{path}: [[output]]: {message.removeprefix('Value error, ')}"
    where = f"{path}: [[output]] number {int(place[1]) + 1}: {place[2]}"
    if kind != "extra_forbidden":
        return f"{where}: {_REMEDIES.get(place[2], message.lower())}"
    if place[2] in ("key", "stream_key"):
        return f"{where}: keys are not written here: set {KEY_PREFIX} and the name, in capitals"
    return f"{where} is not a key; known: {', '.join(OutputSettings.model_fields)}"


def _keys(section: list[str]) -> list[str]:
    model: type[BaseModel] = Config
    if section[:1] == ["feed"]:
        return list(FeedSettings.model_fields)
    for name in section:
        kind = model.model_fields[name].annotation if name in model.model_fields else None
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return []
        model = kind
    return list(model.model_fields)
