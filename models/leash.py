"""Holds a program that must not outlive the show: ``python leash.py PROGRAM ARGUMENTS...``.

The show keeps the other end of this process's standard input. However the show ends, even by
SIGKILL, that end closes, and the program and all it started are stopped. Only the standard
library, and no import of ours: it stays small and starts at once.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

NICE = 10
GRACE_S = 5.0
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def _die_with_parent() -> None:
    """In the child: be killed when the leash is, and take SIGTERM again."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


def main(command: list[str]) -> int:
    """Run *command*, at a low priority, until it ends or standard input closes; then stop the
    whole process group. Gives the program's exit status."""
    os.nice(NICE)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)  # orphans of the program come here, not to init
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # sent to the group, meant for the program
    program = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with_parent,
    )

    def let_go() -> None:
        while os.read(0, 4096):
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(0, signal.SIGTERM)
        time.sleep(GRACE_S)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=let_go, daemon=True).start()
    status = program.wait()
    os.killpg(0, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    while _others() and time.monotonic() < deadline:
        _bury()
        time.sleep(0.05)
    if _others():
        os.killpg(0, signal.SIGKILL)
    _bury()
    return status


def _bury() -> None:
    """Take note of each dead child, so that none stays in the process table."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _others() -> bool:
    """Whether anyone else is in this process group."""
    group, me = str(os.getpgid(0)), str(os.getpid())
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and entry.name != me:
            with contextlib.suppress(OSError, IndexError):
                with open(f"/proc/{entry.name}/stat", encoding="utf-8") as stat:  # noqa: PTH123
                    state, _, pgrp, *_ = stat.read().rpartition(")")[2].split()
                if pgrp == group and state != "Z":
                    return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
