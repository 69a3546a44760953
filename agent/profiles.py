"""Where the show runs and who watches it there: what that asks of an AI host (profiles.toml)."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.retention import KEEP_DAYS
from agent.types import EU

Status = Literal["allowed", "register", "attended", "barred"]
STALE_AFTER_DAYS = 183
"""Rules on AI hosts changed several times a year: an entry older than this is to be looked at."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Profile(_Strict):
    """What one platform or market asks."""

    status: Status
    also: tuple[Status, ...] = ()
    why: str
    label: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    """Words in the names of its servers."""
    notice_every_s: Annotated[float, Field(gt=0)] | None = None
    keep_days: int | None = None
    source: str
    certainty: Literal["primary", "secondary", "unsure"]
    last_verified: date


class _File(_Strict):
    platforms: Mapping[str, Profile]
    markets: Mapping[str, Profile]


class Terms(_Strict):
    """What holds for one show: the strictest of what applies."""

    refusals: tuple[str, ...] = ()
    """Why it cannot start, each with what is missing."""
    warnings: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    """Lines that the label bears beside those of its language."""
    notice_every_s: float
    keep_days: int = KEEP_DAYS


@cache
def profiles() -> _File:
    path = Path(__file__).with_name("profiles.toml")
    return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def platform_of(host: str) -> str | None:
    """Whose server *host* plainly is; None where its name does not tell."""
    found = profiles().platforms.items()
    return next((n for n, p in found if any(word in host.lower() for word in p.hosts)), None)


def terms(
    platforms: Sequence[str],
    markets: Sequence[str],
    *,
    registered: Mapping[str, str],
    attended: bool,
    notice_every_s: float,
    keep_days: int,
    today: date,
) -> Terms:
    """What a show on *platforms*, watched from *markets* (ISO 3166 codes, or EU), must keep to.
    An unknown platform is refused, as nobody looked at its rules; an unknown market is warned
    of."""
    known = profiles()
    applying: list[tuple[str, Profile]] = []
    refusals, warnings = [], []
    for name in platforms:
        if name in known.platforms:
            applying.append((name, known.platforms[name]))
        else:
            names = ", ".join(known.platforms)
            refusals.append(f"{name}: nobody has looked at its rules yet; known are {names}")
    for code in markets:
        found = [c for c in (code, "EU" if code in EU else "") if c in known.markets]
        if not found:
            warnings.append(f"{code}: no profile of this market; its law was not looked at")
        applying += [(c, known.markets[c]) for c in found]
    for name, profile in applying:
        refusals += _against(name, profile, registered, attended)
        age = (today - profile.last_verified).days
        if age > STALE_AFTER_DAYS:
            warnings.append(f"{name}: last looked at {age} days ago; read {profile.source} again")
        if profile.certainty == "unsure":
            warnings.append(f"{name}: not certain ({profile.source})")
    return Terms(
        refusals=tuple(refusals),
        warnings=tuple(warnings),
        label=tuple(dict.fromkeys(line for _, profile in applying for line in profile.label)),
        notice_every_s=min(
            [notice_every_s, *(p.notice_every_s for _, p in applying if p.notice_every_s)]
        ),
        keep_days=max([keep_days, *(p.keep_days for _, p in applying if p.keep_days)]),
    )


def _against(
    name: str, profile: Profile, registered: Mapping[str, str], attended: bool
) -> list[str]:
    found = []
    for status in (profile.status, *profile.also):
        if status == "barred":
            found.append(f"{name}: an AI host may not sell there. {profile.why} ({profile.source})")
        elif status == "register" and not registered.get(name, "").strip():
            found.append(
                f"{name}: the host must be registered. {profile.why} Write its number into "
                f'candor.toml: [registered] {name} = "..."'
            )
        elif status == "attended" and not attended:
            found.append(
                f"{name}: somebody must attend the show. {profile.why} If somebody does, write "
                "attended = true under [show] in candor.toml"
            )
    return found
