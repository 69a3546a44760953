"""Whether this show may run here, with this face and this voice: asked before it, and all along."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from agent import consent
from agent.config import DATA, Config
from agent.consent_hours import Hours
from agent.consent_record import Modality, Purpose
from agent.profiles import Terms, terms

log = logging.getLogger(__name__)
TRUST = DATA / "trust"
"""Public keys whose consent signatures count, and the list of revoked records."""
CLOCK = DATA / "clock"
"""The latest time that was seen here."""


class NotAdmittedError(Exception):
    """The show may not run there: says why, and what is missing, line by line."""


class Admission:
    """One show's: its terms, and the consent to its face and voice."""

    def __init__(
        self,
        config: Config,
        market: str,
        categories: Callable[[], Iterable[str]],
        *,
        recorded: bool = True,
    ) -> None:
        """*market*: of the shop, ISO 3166; *categories*: of its products, as they are when
        it is asked; *recorded*: a film of it is kept, which is a purpose of its own. Raises
        NotAdmittedError."""
        self._config = config
        markets = config.show.markets or (market,)
        self.terms = _agreed(config, markets)
        purposes: set[Purpose] = {"live_commerce"}
        if recorded:
            purposes.add("recording")
        self._hours = Hours(config.show.folder)
        self._use = consent.Use(
            frozenset(purposes),
            platforms=frozenset(config.platforms),
            territories=frozenset(markets),
            languages=frozenset({config.show.language}),
        )
        self._categories = categories
        voice = config.voice
        self.face = tuple(path for path in (config.host.portrait,) if path)
        self.voice = tuple(path for path in (voice.model, voice.config) if path)

    @property
    def own(self) -> bool:
        """Whether a face or voice is on that is not built in."""
        return bool(self.face or self.voice)

    def check(self, *modalities: Modality, own: Path | None = None) -> list[str]:
        """Whether the face and the voice may still be used; gives the identifiers of the records
        that say so. *own*: this show's record, once it has one. Blocking: files are read anew.
        Raises consent.ConsentRefused, OSError, ValueError."""
        if not self.own:
            return []
        found = set()
        now = datetime.now(UTC)
        consent.check_clock(CLOCK, now)
        for modality, assets, record in (
            ("face", self.face, self._config.host.consent),
            ("voice", self.voice, self._config.voice.consent),
        ):
            if assets and modality in modalities:
                name: Modality = "face" if modality == "face" else "voice"
                found.add(self._check(assets, name, record, now, own).record_id)
        return sorted(found - {""})

    def _check(
        self,
        assets: tuple[Path, ...],
        modality: Modality,
        record: Path | None,
        now: datetime,
        own: Path | None,
    ) -> consent.Consent:
        return consent.check(
            assets,
            modality,
            record or assets[0].with_name("consent.json"),
            trust=consent.Trust.load(TRUST),
            now=now,
            use=replace(self._use, categories=frozenset(self._categories())),
            used=lambda record_id: self._hours.used(record_id, now, own),
        )


def standing(picture: Path, record: Path) -> str:
    """Why *record* does not let *picture* be used as a face now; empty where it does. What a show
    asks besides, where and when it is watched, is asked when it starts. Raises OSError where
    the picture cannot be read."""
    try:
        consent.check(
            (picture,),
            "face",
            record,
            trust=consent.Trust.load(TRUST),
            now=datetime.now(UTC),
            use=None,
        )
    except (consent.ConsentRefused, ValueError) as refused:
        return str(refused)
    return ""


def _agreed(config: Config, markets: Iterable[str]) -> Terms:
    agreed = terms(
        config.platforms,
        tuple(markets),
        registered=config.registered,
        attended=config.show.attended,
        notice_every_s=config.show.notice_every_s,
        keep_days=config.record.keep_days,
        today=datetime.now(UTC).date(),
    )
    for warning in agreed.warnings:
        log.warning("rules of a platform or market", extra={"about": warning})
    if agreed.refusals:
        raise NotAdmittedError("\n".join(("The show may not run there:", *agreed.refusals)))
    return agreed
