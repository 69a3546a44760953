"""The catalog of the running show over HTTP: looked at, changed, loaded; for who has the token.

Every answer is JSON. What went wrong is ``{"error": "..."}``, in words that say what to do. A
change is answered when it is on disk and the host says it: ``{"version": 17, "on_air": true}``.
"""

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from agent.ports import BackendError, Backroom, Change, Desk, DoubtError, PlanDesk, SetAnswer
from agent.showplan import LONGEST
from agent.status import card
from agent.studio import happenings, plans, shown, wanted
from agent.studio.commands import MalformedError
from agent.studio.judge import objection
from agent.studio.limits import Bucket
from agent.studio.uploads import Job, UploadError, Uploads
from agent.types import LANGUAGES, Fact, Language

ONE_BYTES = 16 * 1024
"""Of a request that changes one thing."""
BATCH_BYTES = 1024 * 1024
REQUESTS = (300.0, 600.0)
"""A second in the long run, and at once: three times the changes that a busy shop makes."""
STRANGERS = (2.0, 20.0)
"""Requests without the right token, likewise; beyond, they are not even looked at."""
CATALOG_SIDE = ("/api/catalog", "/api/changes", "/api/load", "/api/questions")
"""What a merchant's token opens."""
_ANSWER_ID = "asked-{}"
_REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'"
_Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


class Api:
    """The routes under /api."""

    def __init__(
        self,
        backroom: Backroom,
        uploads: Uploads,
        token: str,
        language: Language = "en",
        plan: PlanDesk | None = None,
        desk: Desk | None = None,
        merchant: str = "",
    ) -> None:
        """*token*: of the operator, who may do all of it. *merchant*: of who keeps the catalog, and
        does not touch the show; "" where there is none. *language*: that cards and facts are
        written in, of the stream."""
        self._backroom = backroom
        self._uploads = uploads
        self._token, self._merchant = token.encode(), merchant.encode()
        self._plan = plan
        self._happenings = happenings.Happenings(desk) if desk else None
        self._language: Language = language
        self._requests, self._strangers = Bucket(*REQUESTS), Bucket(*STRANGERS)

    def routes(self) -> list[Route]:
        at = "/api/catalog/{sku}"
        named = "/api/catalog/{name}"
        return [
            self._route("/api/catalog", "GET", self._find),
            self._route(f"{at}/history", "GET", self._history),
            self._route(f"{named}/price", "PUT", self._one("price")),
            self._route(f"{named}/stock", "PUT", self._one("stock")),
            self._route(f"{named}/offers/{{offer}}", "PUT", self._one("offer")),
            self._route(f"{named}/offers/{{offer}}", "DELETE", self._one("end_offer")),
            self._route(f"{named}/texts/{{text}}", "PUT", self._one("text")),
            self._route(f"{named}/answers/{{answer_id}}", "PUT", self._one("answer")),
            self._route(at, "GET", self._product),
            self._route(named, "DELETE", self._one("withdraw")),
            self._route("/api/changes", "POST", self._batch),
            self._route("/api/load", "POST", self._upload),
            self._route("/api/load", "GET", self._jobs),
            self._route("/api/load/{job}", "GET", self._job),
            Route("/api/load/{job}/report.html", self._report),
            self._route("/api/plan", "GET", self._planned),
            self._route("/api/plan", "PUT", self._save_plan),
            self._route("/api/plan/{how}", "POST", self._move_plan),
            self._route("/api/events", "POST", self._happened),
            self._route("/api/questions", "GET", self._questions),
            self._route("/api/questions/{question}/answer", "POST", self._answer),
            self._route("/api/questions/{question}", "DELETE", self._dismiss),
        ]

    def _route(self, path: str, method: str, handler: _Handler) -> Route:
        """For who has the token; what is raised becomes an answer."""

        async def guarded(request: Request) -> Response:
            given = request.headers.get("authorization", "").encode()
            if self._is(given, self._merchant) and not path.startswith(CATALOG_SIDE):
                return _error(403, "this is the operator's: send the studio's token")
            if not (self._is(given, self._token) or self._is(given, self._merchant)):
                if not self._strangers.take():
                    return _error(429, "too many requests without the token")
                answer = _error(401, "send the studio's token: Authorization: Bearer ...")
                answer.headers["WWW-Authenticate"] = "Bearer"
                return answer
            if not self._requests.take():
                answer = _error(429, "too many requests; send changes together, to /api/changes")
                answer.headers["Retry-After"] = "1"
                return answer
            try:
                return await handler(request)
            except (MalformedError, plans.Unsaid, _Unprocessable) as error:
                return _error(422, str(error))
            except _Missing as error:
                return _error(404, str(error))
            except UploadError as error:
                return _error(error.status, str(error))
            except happenings.TooManyError as error:
                answer = _error(429, str(error))
                answer.headers["Retry-After"] = "1"
                return answer
            except DoubtError as error:
                return _error(409, str(error), sure=True)
            except BackendError as error:
                return _error(422, str(error))
            except ClientDisconnect:
                return _error(400, "the request broke off")

        return Route(path, guarded, methods=[method])

    @staticmethod
    def _is(authorization: bytes, token: bytes) -> bool:
        return bool(token) and hmac.compare_digest(authorization, b"Bearer " + token)

    # --- looking -----------------------------------------------------------------------------

    async def _find(self, request: Request) -> Response:
        limit = _number(request, "limit", 30, most=100)
        products = await self._backroom.find(request.query_params.get("q", "")[:200], limit)
        return _json(
            {
                "version": self._backroom.version,
                "products": [card(product, self._language) for product in products],
            }
        )

    async def _product(self, request: Request) -> Response:
        sku = self._known(request.path_params["sku"])
        product = self._backroom.product(sku)
        facts = await self._backroom.sheet(sku)
        return _json(
            {
                "version": self._backroom.version,
                "card": card(product, self._language) if product else None,
                **await self._backroom.rows(sku),
                "facts": [shown.fact(fact, self._language) for fact in facts],
            }
        )

    async def _history(self, request: Request) -> Response:
        sku = request.path_params["sku"]
        rows = await self._backroom.history(sku)
        if not rows:
            raise _Missing(f"{sku}: there never was such a product")
        return _json({"sku": sku, "history": rows})

    def _known(self, name: str) -> str:
        sku = self._backroom.owner(name)
        if sku is None:
            raise _Missing(f"{name}: no such product or variant")
        return sku

    # --- changing ----------------------------------------------------------------------------

    def _one(self, do: str) -> _Handler:
        async def handler(request: Request) -> Response:
            path = {key: str(value) for key, value in request.path_params.items()}
            self._known(path["name"])
            body = await _body(request, ONE_BYTES)
            return await self._change([wanted.one(do, path, body).change()])

        return handler

    async def _batch(self, request: Request) -> Response:
        return await self._change(wanted.batch(await _body(request, BATCH_BYTES)))

    async def _change(self, changes: Sequence[Change]) -> Response:
        for change in changes:
            if isinstance(change, SetAnswer):
                await self._judge(change.answer, change.language, change.sku)
        return _json({"version": await self._backroom.change(changes), "on_air": True})

    async def _judge(self, answer: str, language: str, sku: str) -> None:
        """Raises _Unprocessable where the host would never say it."""
        own = next((known for known in LANGUAGES if known == language), None)
        if own is None:
            raise _Unprocessable(f"language: {language!r} is none of {', '.join(LANGUAGES)}")
        facts: Sequence[Fact] = ()
        if sku:
            facts = await self._backroom.sheet(self._known(sku))
        product = self._backroom.product(sku) if sku else None
        if reason := objection(answer, own, product, facts):
            raise _Unprocessable(f"the host would not say this: {reason}")

    # --- loading -----------------------------------------------------------------------------

    async def _upload(self, request: Request) -> Response:
        asked = request.query_params
        name = asked.get("name", "").replace("\\", "/").rpartition("/")[2][:120].strip()
        if not name:
            raise _Unprocessable("say what the file is called: /api/load?name=export.csv")
        partial, add, dry_run = (_flag(request, key) for key in ("partial", "add", "dry_run"))
        length = request.headers.get("content-length", "")
        job = await self._uploads.receive(
            Job(name, partial, add, dry_run),
            int(length) if length.isdecimal() else None,
            _chunks(request),
        )
        return _json(job.state(), 202)

    async def _jobs(self, request: Request) -> Response:
        return _json({"loads": [job.state() for job in self._uploads.jobs()]})

    async def _job(self, request: Request) -> Response:
        return _json(self._found(request).state())

    async def _report(self, request: Request) -> Response:
        """The report as a page: for a link, which carries the job's key instead of the token."""
        job = self._uploads.job(request.path_params["job"])
        given = request.query_params.get("key", "").encode()
        if job is None or job.report is None or not hmac.compare_digest(given, job.key.encode()):
            return _error(404, "there is no such report")
        headers = {"Content-Security-Policy": _REPORT_POLICY, "Cache-Control": "no-store"}
        return Response(job.report.as_html(), media_type="text/html", headers=headers)

    def _found(self, request: Request) -> Job:
        job = self._uploads.job(request.path_params["job"])
        if job is None:
            raise _Missing("there is no such load; the last few are kept")
        return job

    # --- the run of show ---------------------------------------------------------------------

    def _desk(self) -> PlanDesk:
        if self._plan is None:
            raise _Missing("this show has no run of show")
        return self._plan

    async def _planned(self, request: Request) -> Response:
        return _json(self._desk().state())

    async def _save_plan(self, request: Request) -> Response:
        return _json(await plans.save(self._desk(), await _body(request, 2 * LONGEST)))

    async def _move_plan(self, request: Request) -> Response:
        try:
            self._desk().move(request.path_params["how"])
        except ValueError as error:
            raise _Missing(str(error)) from error
        return _json(self._desk().state())

    # --- what viewers did ---------------------------------------------------------------------

    async def _happened(self, request: Request) -> Response:
        if self._happenings is None:
            raise _Missing("this show takes no events")
        taken = await self._happenings.take(await _body(request, happenings.BYTES))
        return _json({"taken": taken})

    # --- questions ---------------------------------------------------------------------------

    async def _questions(self, request: Request) -> Response:
        return _json({"questions": [shown.question(one) for one in self._backroom.questions()]})

    async def _answer(self, request: Request) -> Response:
        name = request.path_params["question"]
        asked = next((one for one in self._backroom.questions() if one.id == name), None)
        if asked is None:
            raise _Missing("there is no such question; someone may have answered it")
        given = wanted.reply(await _body(request, ONE_BYTES))
        sku = asked.sku if given.sku is None else given.sku
        sku = self._known(sku) if sku else ""
        await self._judge(given.answer, given.language, sku)
        answer_id, source = _ANSWER_ID.format(asked.id), "answered in the studio"
        change = SetAnswer(sku, answer_id, given.language, asked.text, given.answer, source)
        version = await self._backroom.change([change])
        await self._backroom.dismiss(asked.id)
        return _json({"version": version, "on_air": True})

    async def _dismiss(self, request: Request) -> Response:
        if not await self._backroom.dismiss(request.path_params["question"]):
            raise _Missing("there is no such question")
        return _json({"dismissed": True})


class _Missing(Exception):  # noqa: N818 - an answer, not an error of ours
    """404."""


class _Unprocessable(Exception):  # noqa: N818
    """422."""


async def _body(request: Request, most: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise UploadError(413, f"too long: at most {most} bytes")
    return bytes(data)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


def _number(request: Request, name: str, usual: int, most: int) -> int:
    text = request.query_params.get(name, str(usual))
    if not text.isdecimal() or not 1 <= int(text[:9]) <= most:
        raise _Unprocessable(f"{name}: from 1 to {most}")
    return int(text)


def _flag(request: Request, name: str) -> bool:
    text = request.query_params.get(name, "0")
    if text not in ("0", "1"):
        raise _Unprocessable(f"{name}: 0 or 1")
    return text == "1"


def _json(data: Mapping[str, object], status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(data),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _error(status: int, reason: str, **more: object) -> Response:
    return _json({"error": reason, **more}, status)
