"""The operator's hand on the run of show, at the desk and over HTTP."""

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from agent.plandesk import PlanDesk
from agent.showplan import PlanError
from agent.showplan_run import Script
from agent.studio.api import Api
from agent.studio.uploads import Uploads
from tests.agent.studio.fakes import EmptyBackroom
from tests.agent.test_loop import Script as Steps
from tests.agent.test_loop import play
from tests.agent.test_showplan_run import LOOP, START, Shop, plan, planned
from tests.fakes import show
from tests.virtual_time import run_virtual


def test_skipping_cuts_the_sentence_off_and_goes_to_the_next_segment(tmp_path: Path) -> None:
    async def heard(script: Steps) -> list[tuple[float, str]]:
        stage, air, _ = planned(LOOP)
        desks.append(PlanDesk(stage, tmp_path / "p.toml", tmp_path / "p.toml"))
        await play(stage, script, 40)
        return air.heard()

    desks: list[PlanDesk] = []
    undisturbed = run_virtual(heard([]))
    named = next(at for at, line in undisturbed if "Tide mug" in line)
    skipped = run_virtual(heard([(named + 0.5, lambda _: desks[-1].move("skip"))]))
    assert not [line for _, line in skipped if "stoneware" in line]
    lamp = next(at for at, line in skipped if "Desk lamp" in line)
    assert lamp < named + 0.5 + 2.5
    assert [line for _, line in skipped if "solid oak" in line]


def test_the_plan_is_read_moved_and_edited_over_http_by_who_has_the_token(tmp_path: Path) -> None:
    async def tried() -> None:
        stage, _ = show()
        stage.catalog = Shop()
        stage.script = Script(plan(LOOP), wall=lambda: START)
        file = tmp_path / "showplan.toml"
        file.write_text(LOOP)
        desk = PlanDesk(stage, file, file)
        backroom = EmptyBackroom()
        api = Api(backroom, Uploads(backroom, tmp_path / "up", 1), "secret", "en", desk)
        web = httpx.ASGITransport(Starlette(routes=api.routes()))
        async with httpx.AsyncClient(transport=web, base_url="http://room") as client:
            assert (await client.get("/api/plan")).status_code == 401
            assert (await client.put("/api/plan", json={"text": LOOP})).status_code == 401
            client.headers["Authorization"] = "Bearer secret"
            found = (await client.get("/api/plan")).json()
            assert found["text"] == LOOP
            assert (found["current"], found["next"]) == (0, 1)
            assert (await client.post("/api/plan/skip")).json()["current"] == 1
            assert (await client.post("/api/plan/pause")).json()["paused"]
            assert (await client.post("/api/plan/dance")).status_code == 404
            bad = LOOP.replace('"material", "price"]', '"It cures colds."]', 1)
            answer = await client.put("/api/plan", json={"text": bad})
            assert answer.status_code == 422
            assert "cures" in answer.json()["error"]
            assert "line 5" in answer.json()["error"]
            assert file.read_text() == LOOP
            good = LOOP.replace('"material", "price"]', '"price"]', 1)
            answer = await client.put("/api/plan", json={"text": good})
            assert answer.status_code == 200
            assert answer.json()["current"] == 1
            assert file.read_text() == good

    asyncio.run(tried())


def test_a_plan_that_would_not_pass_changes_nothing(tmp_path: Path) -> None:
    async def tried() -> None:
        stage, _ = show()
        stage.catalog = Shop()
        stage.script = Script(plan(LOOP), wall=lambda: START)
        desk = PlanDesk(stage, tmp_path / "p.toml", tmp_path / "p.toml")
        with pytest.raises(PlanError, match="not TOML"):
            await desk.save("[[segment")
        assert stage.script.plan is not None
        assert stage.script.plan.text == LOOP
        assert not (tmp_path / "p.toml").exists()

    asyncio.run(tried())
