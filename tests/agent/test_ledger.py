"""The record: whole after anything, and every fault found."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import audit
from agent.ledger import Ledger, LedgerError, erase_words, verify


def write(path: Path, entries: int) -> None:
    async def fill() -> None:
        ledger = Ledger(path, lambda: datetime.now(UTC))
        for number in range(entries):
            await ledger.append(
                "asked", {"id": number}, {"text": f"line {number}", "author": "Ann"}
            )
        ledger.close()

    asyncio.run(fill())


def test_a_whole_record_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "show.jsonl"
    write(path, 5)
    write(path, 5)  # a second show segment goes on with the chain
    assert not list(verify(path))
    assert [json.loads(line)["n"] for line in path.read_text().splitlines()] == list(range(12))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_flipped_byte_is_found_and_located(data: st.DataObject) -> None:

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "show.jsonl"
        write(path, 6)
        content = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, len(content) - 1))
        flip = data.draw(st.integers(1, 255))
        line = content[:at].count(b"\n"[0]) + 1
        content[at] ^= flip
        path.write_bytes(content)
        faults = list(verify(path))
        assert faults
        assert min(fault.line for fault in faults) in (line, line + 1)


def test_a_removed_line_is_found_and_located(tmp_path: Path) -> None:
    path = tmp_path / "show.jsonl"
    write(path, 6)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:2] + lines[3:]))
    assert [fault.line for fault in verify(path)] == [3, 3]


def test_erasing_a_viewers_words_keeps_the_chain_whole(tmp_path: Path) -> None:
    path = tmp_path / "show.jsonl"
    write(path, 4)
    assert erase_words(path, lambda words: words["author"] == "Ann") == 4
    assert "line 2" not in path.read_text()
    assert not list(verify(path))


def test_words_changed_are_found(tmp_path: Path) -> None:
    path = tmp_path / "show.jsonl"
    write(path, 3)
    path.write_text(path.read_text().replace("line 1", "LINE 1"))
    assert [fault.line for fault in verify(path)] == [2]


def test_a_half_written_line_is_cut_off_and_the_chain_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "show.jsonl"
    write(path, 3)
    with path.open("a") as file:
        file.write('{"n": 3, "at": "20')
    write(path, 2)
    assert not list(verify(path))


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="cannot write the record"):
        Ledger(tmp_path / "file" / "show.jsonl", lambda: datetime.now(UTC))


def test_kill_9_loses_no_acknowledged_line(tmp_path: Path) -> None:
    path = tmp_path / "show.jsonl"
    script = (
        "import asyncio,sys\nfrom datetime import UTC,datetime\nfrom pathlib import Path\n"
        "from agent.ledger import Ledger\n"
        "async def go():\n"
        " ledger = Ledger(Path(sys.argv[1]), lambda: datetime.now(UTC))\n"
        " for n in range(100000):\n"
        "  await ledger.append('asked', {'id': n})\n"
        "  print(n, flush=True)\n"
        "asyncio.run(go())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        for _ in range(20):
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        last = max([last, *(int(line) for line in child.stdout.read().split())])
    write(path, 1)
    assert not list(verify(path))
    ids = [json.loads(line)["data"].get("id") for line in path.read_text().splitlines()]
    assert ids[: last + 1] == list(range(last + 1))


def test_a_full_disk_costs_the_line_and_not_the_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "show.jsonl"

    async def fill() -> None:
        ledger = Ledger(path, lambda: datetime.now(UTC))
        await ledger.append("asked", {"id": 0})

        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(LedgerError, match="No space left"):
                await ledger.append("asked", {"id": 1})
        await ledger.append("asked", {"id": 2})
        ledger.close()

    asyncio.run(fill())
    assert not list(verify(path))
    told = [json.loads(line)["data"].get("id") for line in path.read_text().splitlines()]
    assert told == [0, 2, None], "the last line says that it ends"


def test_a_tail_that_was_cut_off_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "show.jsonl"
    ledger = Ledger(path, lambda: datetime.now(UTC))
    asyncio.run(ledger.append("said", {"text": "Hello."}))
    ledger.close()
    whole, cut = audit._audit(path, None), tmp_path / "cut.jsonl"
    cut.write_text(path.read_text().splitlines(keepends=True)[0])
    assert (whole["whole"], whole["ended"]) == (True, True)
    assert (audit._audit(cut, None)["whole"], audit._audit(cut, None)["ended"]) == (True, False)
