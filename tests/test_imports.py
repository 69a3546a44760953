"""Who may import whom. The arrows point one way, so any part can be read alone."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = {"agent", "catalog", "models", "prompts", "evals", "tests"}
EDGE = {"agent/app.py", "agent/writers.py", "agent/__main__.py", "agent/vet.py"}
"""The composition root and the command line: the only places that name concrete backends."""
MAY_IMPORT: dict[str, set[str]] = {
    "agent/types.py": set(),
    "agent/ports.py": {"agent.types"},
    "prompts": {"prompts", "agent.types"},
    "catalog": {"catalog", "agent.types", "agent.ports", "agent.streams", "models.embed"},
    "models": {"models", "prompts", "agent.types", "agent.ports", "agent.streams"},
    "agent": {"agent", "prompts"},
}


def imports(path: Path) -> set[str]:
    """Our modules that *path* imports; ``from package import module`` names the module too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.split(".")[0] in OURS}


def allowed(file: Path) -> set[str] | None:
    name = file.relative_to(ROOT).as_posix()
    if name in EDGE:
        return None
    if name in MAY_IMPORT:
        return MAY_IMPORT[name]
    return MAY_IMPORT[name.split("/")[0]]


def test_arrows_point_one_way() -> None:
    wrong = []
    for package in ("agent", "catalog", "models", "prompts"):
        for file in (ROOT / package).rglob("*.py"):
            may = allowed(file)
            wrong += [
                f"{file.relative_to(ROOT)} imports {name}"
                for name in sorted(imports(file))
                if may is not None
                and not any(name == one or name.startswith(one + ".") for one in may)
            ]
    assert not wrong


def test_only_the_rules_make_what_may_be_spoken() -> None:
    makers = {
        file.relative_to(ROOT).as_posix()
        for package in ("agent", "catalog", "models", "prompts")
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Utterance"
    }
    assert makers
    assert all(name.startswith("agent/rules/") for name in makers)


def test_no_file_is_too_long_to_read_in_a_sitting() -> None:
    long = {
        file.relative_to(ROOT).as_posix(): count
        for package in ("agent", "catalog", "models", "prompts", "evals")
        for file in (ROOT / package).rglob("*.py")
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long
