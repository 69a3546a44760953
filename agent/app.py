"""From settings to a running show: the only place that names concrete backends."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import cv2

import prompts
from agent import consent, events
from agent.admission import Admission, NotAdmittedError
from agent.backdrop import BackdropError, from_picture
from agent.budget import AIR_RATE, FPS, HEIGHT, WIDTH, Budget
from agent.compose import Stage
from agent.config import DATA, Config, ConfigError, Secrets
from agent.consent_hours import EVERY
from agent.desk import ShowDesk
from agent.feeds.opened import Feeds, feeds
from agent.ledger import Ledger
from agent.loop import run as run_show
from agent.marks import KEYS
from agent.outputs import Outputs, encoding, targets
from agent.plandesk import PlanDesk
from agent.ports import BackendError
from agent.profiles import Terms
from agent.publish.apart import Apart
from agent.publish.broadcast import Broadcast
from agent.publish.film import Film
from agent.publish.hls import Hls
from agent.publish.movie import marks
from agent.publish.packets import Sink, SinkError
from agent.publish.preview import Preview
from agent.publish.provenance import ProvenanceError, own_keys
from agent.publish.record import Recording
from agent.publish.signing import Signing
from agent.retention import sweep
from agent.rules import own, respelt
from agent.rules.fixed import holding_line
from agent.rules.texts import never_said
from agent.second_look import second_look
from agent.show import Show
from agent.showplan import Plan, load
from agent.showplan_run import Script
from agent.showplan_vet import check
from agent.sound import spoken
from agent.studio.server import serve
from agent.studio.settings import CannotServe, StudioSettings, links, open_port
from agent.types import LANGUAGES, Cue, Focus, Language, Utterance
from agent.writers import NoWriter, writer
from catalog import sample
from catalog.backroom import Backroom
from catalog.errors import CatalogError
from catalog.meaning import Meanings
from catalog.store import Store
from models.asr import WhisperEars
from models.atlas import Atlas
from models.embed import embedders
from models.face import Face, default_host
from models.lexicon import read as read_lexicon
from models.meaning import meaning
from models.picture import PictureError
from models.portrait import forget, make_atlas
from models.speech import Speaker
from models.voices import load_voice

log = logging.getLogger(__name__)

SAMPLE_SHOP = DATA / "shop.duckdb"
"""Where the sample shop lies."""
HOST_NAME = "Mia"
"""What the built-in host is called; she is nobody."""


class CannotBegin(Exception):  # noqa: N818 - a verdict for the person at the command line
    """The show cannot begin: says why, and what to do."""


@dataclass
class Rig:
    """A show that is ready to run, and what is around it."""

    show: Show
    desk: ShowDesk
    store: Store
    preview: Preview | None
    vitals: Callable[[], Mapping[str, object]]
    terms: Terms
    outputs: Outputs
    feeds: Feeds

    async def writer_ready(self, within_s: float) -> bool:
        """Wait until the model answers; False when it does not in time, or there is none."""
        clock = asyncio.get_running_loop().time
        until = clock() + within_s
        while not self.show.writer.ready and clock() < until:
            if isinstance(self.show.writer, NoWriter):
                return False
            await asyncio.sleep(0.1)
        return self.show.writer.ready


@asynccontextmanager
async def open_show(
    config: Config, secrets: Secrets, *, film: Path | None = None, folder: Path | None = None
) -> AsyncIterator[Rig]:
    """All the parts of a show, loaded and warm, and closed again at the end.

    With *film* every frame goes into that one MP4; otherwise to viewers, and to a recording in
    *folder* (by default one of its own for each show). Raises CannotBegin.
    """
    folder = folder or config.show.folder / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    async with AsyncExitStack() as stack:
        try:
            rig = await _open(config, secrets, stack, film, folder)
        except (
            BackendError,
            BackdropError,
            CatalogError,
            ConfigError,
            NotAdmittedError,
            PictureError,
            prompts.PromptError,
            SinkError,
            consent.ConsentRefused,
            OSError,
            ValueError,
        ) as error:
            raise CannotBegin(str(error)) from error
        yield rig


async def _open(
    config: Config, secrets: Secrets, stack: AsyncExitStack, film: Path | None, folder: Path
) -> Rig:
    cv2.setNumThreads(1)
    outputs = Outputs([] if film else targets(config, secrets))
    others = [] if film else feeds(config, secrets)
    for language in LANGUAGES:  # a faulty file is found here, and not on the air
        prompts.lines("answers", language)
        prompts.lines("notice", language)
        prompts.lines("plan", language)
    events.check()
    own.put_in_force(own.load(config.rules.file) if config.rules.file else own.OwnRules())
    store = await open_store(config)
    stack.push_async_callback(store.close)
    _check_pinned(config, store)
    admission = Admission(
        config, store.shop.market, store.categories, recorded=bool(film or config.show.record_video)
    )
    await asyncio.to_thread(admission.check, "face", "voice")
    agreed = admission.terms
    voice = _voice(config)
    stack.callback(voice.close)
    pool = ThreadPoolExecutor(1, "stage")
    stack.callback(pool.shutdown)
    meanings = stack.enter_context(contextlib.closing(Meanings(store, embedders)))
    stage, _ = await asyncio.gather(
        asyncio.to_thread(_stage, config, store, agreed.label), voice.warm()
    )
    # A film of a reply, or of a recorded chat, is of what was asked: nothing is said unasked.
    plan = None if film else await _plan(config, store, voice.languages)
    ledger = Ledger(folder / "show.jsonl", lambda: datetime.now(UTC))
    stack.callback(ledger.close)
    troubles: dict[str, str] = {}
    preview = None if film else Preview()
    signing = stack.enter_context(_signing(store.shop.name, folder.name))
    recording: Recording | None = None
    if film:
        stack.callback(signing.take, film)  # called when the publisher has closed it
        publisher: Film | Broadcast = Film(
            film, store.shop.name, folder.name, language=config.show.language
        )
    else:
        sinks: list[Sink] = [preview] if preview else []
        if config.show.record_video:
            recording = Recording(
                folder,
                store.shop.name,
                folder.name,
                finished=signing.take,
                language=config.show.language,
            )
            sinks.append(Apart(recording))
        if config.hls.folder:
            sinks.append(Apart(Hls(config.hls.folder, config.hls.segment_s)))
        sinks += outputs.all
        publisher = Broadcast(
            sinks, troubles.__setitem__, encoding(config), marks(store.shop.name, folder.name)
        )
    await stack.enter_async_context(publisher)
    show = Show(
        shop=store.shop.name,
        catalog=store,
        writer=await stack.enter_async_context(writer(config, secrets)),
        voice=voice,
        stage=stage,
        publisher=publisher,
        ledger=ledger,
        labelled=stage.label.drawn_on,
        slate=stage.label.slate(),
        pool=pool,
        budget=Budget(notice_every_s=agreed.notice_every_s),
        language=config.show.language,
        questions=store.unanswered,
        meanings=meanings,
        script=Script(plan, state=None if film else config.show.folder / "showplan.json"),
    )
    store.unanswered.keep_days = config.record.questions_days
    first = store.products()
    pinned = config.show.pinned or (first[0].sku if first else None)
    show.focus = Focus(pinned, pinned)
    heard = show.heard_in(show.language)
    show.prepared_notice = await _prepared(show, show.next_notice())
    show.prepared_line = await _prepared(show, holding_line(show.language, heard))
    ears = WhisperEars(config.ears.model) if config.ears.enabled else None
    if ears:
        stack.callback(ears.close)
    await stack.enter_async_context(_consent_watch(config, show, stage, admission))
    looking = stack.enter_context(ThreadPoolExecutor(1, "second look"))
    await stack.enter_async_context(second_look(show, meaning, looking))
    desk = ShowDesk(show, ears, store, HOST_NAME)
    chats = Feeds(others, desk, show.hub.tell)

    def vitals() -> Mapping[str, object]:
        flow = publisher.flow if isinstance(publisher, Broadcast) else None
        return {
            "encode_ms": round(flow.encode_ms, 1) if flow else None,
            "pictures_dropped": flow.dropped if flow else 0,
            "packets_left_out": flow.left_out if flow else 0,
            "troubles": dict(troubles),
            "outputs": outputs.health(),
            "feeds": chats.health(),
            "writer_enabled": config.writer.enabled,
            "record": {
                "lines": ledger.lines,
                "parts": len(recording.files) if recording else 0,
                "bytes": recording.written if recording else 0,
            },
        }

    return Rig(show, desk, store, preview, vitals, agreed, outputs, chats)


async def open_store(config: Config) -> Store:
    """The shop's catalog; the sample shop where none is set and none is there. Search by meaning
    joins when its models are loaded. Raises CatalogError."""
    path = config.show.catalog
    if path == SAMPLE_SHOP and not path.exists():
        log.info("loading the sample shop", extra={"path": str(path)})
        await asyncio.to_thread(sample.build, path)
    return await Store.open(path, embedders=embedders)


def _signing(shop: str, show_id: str) -> Signing:
    """Raises CannotBegin where there can be no keys."""
    try:
        return Signing(own_keys(KEYS, shop), f"{shop}, {show_id}")
    except ProvenanceError as error:
        raise CannotBegin(str(error)) from error


def _check_pinned(config: Config, store: Store) -> None:
    sku = config.show.pinned
    if sku and store.product(sku) is None:
        known = ", ".join(product.sku for product in store.products()[:20])
        raise CannotBegin(f"there is no product {sku}; the shop has {known}")


def plan_desk(config: Config, show: Show) -> PlanDesk:
    """The operator's hand on the run of show; an edited plan of the sample shop is kept apart."""
    if config.show.plan:
        return PlanDesk(show, config.show.plan, config.show.plan)
    own = DATA if config.show.catalog == SAMPLE_SHOP else config.show.folder
    return PlanDesk(show, own / "showplan.toml", sample.PLAN)


async def _plan(config: Config, store: Store, voices: Sequence[Language]) -> Plan | None:
    """Raises PlanError where the host would not say all of it."""
    file, pictures, language = config.show.plan, config.show.plan, config.show.language
    if file is None:
        if config.show.catalog != SAMPLE_SHOP or config.show.pinned:
            return None
        edited, pictures = DATA / "showplan.toml", sample.PLAN
        file = edited if edited.exists() else sample.PLAN
    plan = await asyncio.to_thread(load, file, pictures)
    heard = language if language in voices else voices[0]
    await check(plan, store, language, heard, str(file))
    return plan


def _voice(config: Config) -> Speaker:
    wanted = config.voice
    return load_voice(
        wanted.engine,
        home=DATA,
        model=wanted.model,
        config=wanted.config,
        names=_names(wanted.names),
    )


@cache
def _names(file: Path | None) -> Mapping[str, str]:
    """How the shop's names are said, as it was at the start. Raises ConfigError where a line would
    say something else."""
    if file is None:
        return {}
    try:
        lines = read_lexicon(file)
    except (OSError, ValueError) as error:  # UnicodeDecodeError is a ValueError
        raise ConfigError(f"voice.names: {error}") from error
    if wrong := respelt.objections(lines):
        raise ConfigError("\n".join(f"{file}: {each}" for each in wrong))
    return lines


def _stage(config: Config, store: Store, label: Sequence[str]) -> Stage:
    """Blocking: some 1 s with the built-in host, 12 s the first time with a portrait."""
    size = (WIDTH, HEIGHT)
    atlas: Atlas = default_host()
    if config.host.portrait:
        atlas = make_atlas(config.host.portrait, DATA / "cache").fitted(size)
    backdrop = from_picture(config.host.backdrop, size) if config.host.backdrop else None
    stage = Stage(Face(atlas, FPS), config.show.language, size, backdrop, label)
    for product in store.products()[:40]:
        stage.prepare(product, config.show.language)
    return stage


async def _prepared(show: Show, utterance: Utterance) -> list[Cue]:
    """*utterance* as sound made before the show. Raises BackendError: without a voice that can
    say the notice there is no show."""
    return [cue async for cue in spoken(show.voice, utterance, FPS, AIR_RATE)]


@asynccontextmanager
async def _consent_watch(
    config: Config, show: Show, stage: Stage, admission: Admission
) -> AsyncIterator[None]:
    """While a face or voice of one's own is on air, look at its consent every minute; when it is
    gone, so is the face or voice: the built-in host goes on."""
    if not admission.own:
        yield
        return

    holding = await asyncio.to_thread(admission.check, "face", "voice")
    # Straight into the record: nobody follows the show's events yet, and no picture is out.
    await show.ledger.append("consent", {"holds": True, "records": holding})

    async def watch() -> None:
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            try:
                holding = await asyncio.to_thread(
                    admission.check, "face", "voice", own=show.ledger.path
                )
                show.hub.tell("consent", {"holds": True, "records": holding})
            except (consent.ConsentRefused, OSError, ValueError) as refused:
                log.error(
                    "consent is gone: the built-in host takes over", extra={"why": str(refused)}
                )
                await _built_in_host(config, show, stage)
                show.hub.tell("consent", {"holds": False, "why": str(refused)})
                show.hub.tell("stopped", {"by": "consent"})
                return

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(watch(), name="consent")
        yield
        task.cancel()


async def _built_in_host(config: Config, show: Show, stage: Stage) -> None:
    """Put the built-in face and voice on the air; of the other one nothing is left to be heard, the
    prepared lines neither. Who speaks has changed, so the notice is given again."""
    show.prepared_notice = show.prepared_line = ()
    show.voice = load_voice("hibari", home=DATA, names=_names(config.voice.names))
    show.stage = await asyncio.to_thread(  # some 1 s: the air goes on meanwhile
        lambda: Stage(
            Face(default_host(), FPS),
            show.language,
            (WIDTH, HEIGHT),
            also=stage.label.rows,
        )
    )
    show.notices.repeat(asyncio.get_running_loop().time())
    show.interrupted.set()
    if config.host.portrait:
        with contextlib.suppress(FileNotFoundError):  # whoever took it back may have deleted it
            await asyncio.to_thread(forget, config.host.portrait, DATA / "cache")
    heard = show.heard_in(show.language)
    show.prepared_notice = await _prepared(show, show.next_notice())
    show.prepared_line = await _prepared(show, holding_line(show.language, heard))


async def run(config: Config, secrets: Secrets) -> int:
    """``candor run``: a show with its pages, until it is ended (Ctrl-C, SIGTERM)."""
    try:
        settings = StudioSettings(
            config.server.host,
            config.server.port,
            secrets.studio_token or "",
            secrets.merchant_token or "",
            embed=config.server.embed,
            hosts=config.server.hosts,
            most_upload_bytes=config.server.upload_mb * 1024**2,
            spool=config.show.catalog.with_name(config.show.catalog.name + ".uploads"),
        )
        listener = open_port(settings)
    except CannotServe as error:
        raise CannotBegin(str(error)) from error
    with contextlib.closing(listener):
        async with open_show(config, secrets) as rig, AsyncExitStack() as stack:
            assert rig.preview is not None
            loop = asyncio.get_running_loop()
            for ending in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(ending, rig.show.ended.set)
            watch, studio = links(listener, settings)
            print(  # noqa: T201 - what the person at the terminal waits for
                f"\n  {rig.show.shop} is on the air.\n\n"
                f"  Viewers   {watch}\n  Studio    {studio}\n"
                f"  Record    {rig.show.ledger.path.parent}\n{rig.outputs.listed()}\n"
                "  Ctrl-C ends the show.\n",
                flush=True,
            )
            backroom = stack.enter_context(contextlib.closing(Backroom(rig.store, never_said)))
            async with asyncio.TaskGroup() as tasks:
                pages = tasks.create_task(
                    serve(
                        rig.desk,
                        rig.preview,
                        rig.store,
                        settings,
                        listener,
                        rig.vitals,
                        backroom,
                        plan_desk(config, rig.show),
                        rig.feeds.hook,
                    )
                )
                feeding = tasks.create_task(rig.feeds.run())
                tidy = tasks.create_task(_keep_tidy(config, rig.terms.keep_days))
                # A timer: by then the record follows what is told.
                loop.call_later(0, rig.outputs.begin, rig.show.hub.tell)
                await run_show(rig.show)
                feeding.cancel()
                tidy.cancel()
                pages.cancel()
    return 0


async def _keep_tidy(config: Config, keep_days: int) -> None:
    """Now and once a day: records and viewers' words end when their time has come."""
    while True:
        swept = await asyncio.to_thread(
            sweep, config.show.folder, datetime.now(UTC), keep_days, config.record.words_days
        )
        if swept.shows_deleted or swept.lines_erased:
            log.info("old records", extra={"swept": str(swept)})
        await asyncio.sleep(86_400)
