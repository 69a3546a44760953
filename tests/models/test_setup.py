"""What set-up installs is what the project says of itself."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from models import setup
from models.check import can_run, pins, report, weights

ROOT = Path(__file__).parents[2]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: str) -> dict[str, str]:
    return {normal(name): version for name, version in pins(ROOT / lock).items()}


def test_the_lock_holds_what_the_project_names_and_in_that_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(pin for extra in extras for pin in extra)]
    held = locked("requirements.lock")
    for pin in named:
        name, _, version = pin.partition("==")
        assert held[normal(name)].partition("+")[0] == version, pin


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-vllm.lock"])
def test_every_line_of_a_lock_is_one_exact_version(lock: str) -> None:
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line), line


def test_no_gigabytes_of_another_machines_code_come_along() -> None:
    for lock in ("requirements.lock", "requirements-vllm.lock"):
        held = locked(lock)
        assert held["torch"].endswith("+cpu")
        assert not [name for name in held if name.startswith(("nvidia-", "triton", "jax"))]
        assert "opencv-contrib-python" not in held


def test_every_weight_comes_from_a_locked_package_with_a_licence() -> None:
    held = locked("requirements.lock") | locked("requirements-vllm.lock")
    for row in weights():
        assert row.licence
        assert row.commercial
        if row.package:
            assert held[normal(row.package)] == row.version, row.name


def test_another_python_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    with pytest.raises(setup.SetupError, match=r"Python 3\.11"):
        setup.set_up()


def test_a_step_is_done_once_and_again_when_its_input_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "DATA", tmp_path)
    made, done = tmp_path / "model" / "weights", []

    def step() -> None:
        done.append(1)
        made.parent.mkdir(exist_ok=True)
        made.write_text("x")

    assert setup._once("step", "a", step, made)
    assert not setup._once("step", "a", step, made)
    assert setup._once("step", "b", step, made)
    made.unlink()
    assert setup._once("step", "b", step, made)
    (tmp_path / "setup.json").write_text("{cut of")
    assert setup._once("step", "b", step, made)
    assert len(done) == 4


def test_a_step_that_fails_is_told_with_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(setup.SetupError, match=r"(?s)the step: sh ended.*no such thing.*remedy"):
        setup._run(["sh", "-c", "echo no such thing; exit 3"], log, "the step")
    with pytest.raises(setup.SetupError, match="cannot be run"):
        setup._run(["/nowhere"], log, "the step")


def test_the_check_says_what_is_missing_and_what_mends_it(tmp_path: Path) -> None:
    for lock in ("requirements.lock", "requirements-vllm.lock"):
        (tmp_path / lock).write_text("# none\nno-such-package==1.0\n")
    lines = report(root=tmp_path, port=0)
    assert not can_run(lines)
    missing = {line.name: line for line in lines if not line.ok}
    assert "no-such-package 1.0 is missing" in missing["packages"].detail
    assert all(line.remedy for line in missing.values())


def test_the_check_passes_where_the_tests_run() -> None:
    assert can_run(report(port=0))


def test_the_readme_names_every_weight_and_its_licence() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for row in weights():
        line = next(line for line in readme.splitlines() if line.startswith(f"| {row.name} |"))
        assert f"| {row.licence} | {row.commercial} |" in line
