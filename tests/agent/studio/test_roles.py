"""Who may do what: every route and every role, in one table."""

import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from agent.config import secrets
from agent.feeds.hook import HookFeed
from agent.publish.preview import Preview
from agent.studio.api import Api
from agent.studio.hook import Hook
from agent.studio.metrics import Metrics
from agent.studio.server import routes
from agent.studio.settings import CannotServe, StudioSettings
from agent.studio.sockets import Sockets
from agent.studio.uploads import Uploads
from tests.agent.studio.fakes import TOKEN, EmptyBackroom, FakeCatalog, FakeDesk, Room

MERCHANT = "a-token-of-the-merchant"
HOOK = "a-secret-of-the-bridge-0123"
ROLES = {
    "operator": {"Authorization": f"Bearer {TOKEN}"},
    "merchant": {"Authorization": f"Bearer {MERCHANT}"},
    "viewer": {},
    "guesser": {"Authorization": "Bearer nobody's"},
}
ANYONE = frozenset(ROLES)
STAFF = frozenset({"operator", "merchant"})
OPERATOR = frozenset({"operator"})
SIGNED = frozenset[str]()
"""No token opens it: each request is signed."""
RULES = {
    "GET /": ANYONE,
    "GET /studio": ANYONE,  # an empty page; what it shows comes through the socket
    "GET /product/{sku}.png": ANYONE,
    "GET /health": ANYONE,
    "GET /metrics": OPERATOR,
    "POST /api/hook": SIGNED,
    "GET /api/catalog": STAFF,
    "GET /api/catalog/{sku}": STAFF,
    "GET /api/catalog/{sku}/history": STAFF,
    "PUT /api/catalog/{name}/price": STAFF,
    "PUT /api/catalog/{name}/stock": STAFF,
    "PUT /api/catalog/{name}/offers/{offer}": STAFF,
    "DELETE /api/catalog/{name}/offers/{offer}": STAFF,
    "PUT /api/catalog/{name}/texts/{text}": STAFF,
    "PUT /api/catalog/{name}/answers/{answer_id}": STAFF,
    "DELETE /api/catalog/{name}": STAFF,
    "POST /api/changes": STAFF,
    "POST /api/load": STAFF,
    "GET /api/load": STAFF,
    "GET /api/load/{job}": STAFF,
    "GET /api/load/{job}/report.html": ANYONE,  # who has the report's own key
    "GET /api/plan": OPERATOR,
    "PUT /api/plan": OPERATOR,
    "POST /api/plan/{how}": OPERATOR,
    "POST /api/events": OPERATOR,
    "GET /api/questions": STAFF,
    "POST /api/questions/{question}/answer": STAFF,
    "DELETE /api/questions/{question}": STAFF,
    "SOCKET /media": ANYONE,
    "SOCKET /room": ANYONE,
    "SOCKET /studio/socket": OPERATOR,
    "FILES /pages": ANYONE,
}


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    hook = HookFeed(HOOK, ["own-site"])
    with Room(hook=hook, merchant_token=MERCHANT) as server:
        yield server


def there_are(spool: Path) -> list[str]:
    """Every route of a server with all its parts."""
    desk = FakeDesk()
    api = Api(EmptyBackroom(), Uploads(EmptyBackroom(), spool), TOKEN, desk=desk)
    parts = (FakeCatalog({}), Metrics(dict), api, Hook(None))
    found = []
    for route in routes(Sockets(desk, Preview(), TOKEN), *parts):
        match route:
            case Route(path=path, methods=methods):
                found += [f"{method} {path}" for method in (methods or set()) - {"HEAD"}]
            case WebSocketRoute(path=path):
                found.append(f"SOCKET {path}")
            case Mount(path=path):
                found.append(f"FILES {path}")
    return found


async def test_every_route_has_its_rule(tmp_path: Path) -> None:
    assert sorted(there_are(tmp_path / "spool")) == sorted(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(room: Room, rule: str) -> None:
    method, path = rule.split(" ")
    for name in ("sku", "name", "offer", "text", "answer_id", "job", "how", "question"):
        path = path.replace(f"{{{name}}}", "x")
    for role, headers in ROLES.items():
        if method == "SOCKET":
            assert _opens(room.sockets + path, headers) is (role in RULES[rule]), role
            continue
        how = "GET" if method == "FILES" else method
        place = f"{path}/theme.css" if method == "FILES" else path
        status = httpx.request(how, room.base + place, headers=headers).status_code
        assert (status not in (401, 403, 429)) is (role in RULES[rule]), (role, status)
        assert status < 500


def _opens(url: str, headers: dict[str, str]) -> bool:
    with connect(url, additional_headers=headers) as client:
        if url.endswith("/studio/socket"):
            client.send("{}")  # no token: the header has to do
        try:
            client.recv(timeout=0.2 if url.endswith("/media") else 5)
        except TimeoutError:
            return True  # open, and nothing to tell yet
        except ConnectionClosed:
            return False
        return True


def test_two_roles_never_share_a_token_and_none_is_short() -> None:
    with pytest.raises(CannotServe, match="choose two that differ"):
        StudioSettings(token=TOKEN, merchant_token=TOKEN)
    with pytest.raises(CannotServe, match="at least 16 characters"):
        StudioSettings(merchant_token="short")


def test_no_secret_is_in_what_the_server_gives_logs_or_shows_of_itself(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    operator = ROLES["operator"]
    told = []
    pages = ["/", "/studio", "/metrics", "/api/catalog", "/api/load", "/health", "/nowhere"]
    for path in pages:
        told.append(httpx.get(room.base + path, headers=operator).text)
        told.append(httpx.get(room.base + path, headers=ROLES["guesser"]).text)
    told.append(httpx.post(f"{room.base}/api/hook", content=b"x").text)
    with connect(f"{room.sockets}/studio/socket", additional_headers=operator) as studio:
        told.append(str(studio.recv(timeout=5)))
        studio.send("not a command")
        told.append(str(studio.recv(timeout=5)))
    with connect(f"{room.sockets}/room") as viewer:
        told.append(str(viewer.recv(timeout=5)))
    told.append(repr(room.settings))
    environment = {"CANDOR_STUDIO_TOKEN": TOKEN, "CANDOR_MERCHANT_TOKEN": MERCHANT}
    told.append(repr(secrets(environment | {"CANDOR_WEBHOOK_SECRET": HOOK})))
    told += [repr(vars(one)) for one in caplog.records if one.name.startswith("agent")]
    for secret in (TOKEN, MERCHANT, HOOK):
        assert not [text for text in told if secret in text]


def test_the_watch_page_alone_may_be_framed_and_only_by_whom_it_is_allowed(room: Room) -> None:
    def ancestors(server: Room, path: str) -> str:
        policy = httpx.get(server.base + path).headers["content-security-policy"]
        return policy.split("frame-ancestors ")[1]

    assert ancestors(room, "/") == "'none'"
    with Room(embed=("https://shop.example", "https://*.shop.example:8443")) as open_room:
        assert ancestors(open_room, "/") == "https://shop.example https://*.shop.example:8443"
        assert ancestors(open_room, "/studio") == "'none'"
        assert ancestors(open_room, "/pages/studio.js") == "'none'"
    for wrong in ("shop.example", "https://shop.example/live", "https://a b", "*", "https://a;b"):
        with pytest.raises(CannotServe, match="is no site"):
            StudioSettings(embed=(wrong,))
