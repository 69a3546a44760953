import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.publish.synthetic import FPS, decoded

RECORDER = [sys.executable, "-m", "tests.agent.publish.recorder"]


@pytest.mark.real
def test_what_was_recorded_before_a_kill_plays(tmp_path: Path) -> None:
    with subprocess.Popen([*RECORDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as show:
        assert show.stdout
        for line in show.stdout:
            if line.strip() == "200":
                show.kill()
    numbers, heard = decoded(tmp_path / "show-001.mp4")
    assert list(numbers.values()) == [n % 256 for n in range(len(numbers))]
    assert len(numbers) >= 200 - 2 * FPS  # one GOP, and what was still on its way
    assert len(heard) > 48_000 * 5


@pytest.mark.real
def test_a_full_disk_ends_the_recording_and_leaves_it_playable(tmp_path: Path) -> None:
    show = subprocess.run(
        [*RECORDER, str(tmp_path), "30000"], capture_output=True, text=True, timeout=120
    )
    assert show.returncode == 0, show.stderr
    assert "recording: " in show.stdout
    assert show.stdout.splitlines()[-1] == "375"
    numbers, _ = decoded(tmp_path / "show-001.mp4")
    assert len(numbers) >= FPS
