import numpy as np

from agent.types import REST, Manner, Mood, Mouth
from models.motion import Motion, Pose

FPS = 25
MINUTES = 10


def poses(
    seed: int = 5, mouth: Mouth = REST, seconds: float = 60 * MINUTES, fps: int = FPS
) -> list[Pose]:
    motion = Motion(fps, seed)
    return [motion.pose(number, mouth) for number in range(int(seconds * fps))]


def test_blinks_come_as_often_as_a_persons() -> None:
    for seed in (1, 5):
        lids = np.array([pose.blink for pose in poses(seed)])
        blinks = int(((lids[1:] > 0) & (lids[:-1] == 0)).sum())
        assert 14 <= blinks / MINUTES <= 26


def test_a_blink_shuts_the_eyes_and_lasts_no_longer_than_a_third_of_a_second() -> None:
    lids = np.array([pose.blink for pose in poses()])
    starts = np.flatnonzero((lids[1:] > 0) & (lids[:-1] == 0)) + 1
    for start in starts[:-1]:
        length = int(np.argmax(lids[start:] == 0))
        assert length <= FPS // 3
        assert lids[start : start + length].max() == 1


def test_the_eyes_rest_mostly_on_the_viewer_and_wander() -> None:
    gaze = np.array([pose.gaze for pose in poses()])
    assert np.mean(gaze == 0) > 0.35
    assert gaze.min() < -0.4
    assert gaze.max() > 0.4


def test_nothing_jumps_when_speech_begins_or_ends() -> None:
    motion, before = Motion(FPS), None
    talk = [REST] * 50 + [Mouth(open=0.8), Mouth(press=1.0), Mouth(open=0.3)] * 50 + [REST] * 50
    for number, mouth in enumerate(talk):
        pose = motion.pose(number, mouth)
        if before:
            assert abs(pose.x - before.x) < 0.8
            assert abs(pose.y - before.y) < 0.9
            assert abs(pose.roll - before.roll) < 0.003
            assert abs(pose.brow - before.brow) < 0.3
        before = pose


def test_the_head_moves_more_in_speech_than_in_silence() -> None:
    mouths = [Mouth(open=0.7 if number % 12 < 6 else 0.1) for number in range(1500)]
    motion = Motion(FPS)
    speaking = np.array([motion.pose(n, mouth).y for n, mouth in enumerate(mouths)])
    idle = np.array([pose.y for pose in poses(seconds=60)])
    assert np.abs(np.diff(speaking)).mean() > 1.5 * np.abs(np.diff(idle)).mean()


def test_the_same_numbers_and_mouths_give_the_same_poses() -> None:
    assert poses(3, seconds=20) == poses(3, seconds=20)
    assert poses(3, seconds=20) != poses(4, seconds=20)


def test_at_fifty_frames_a_second_a_blink_takes_as_long() -> None:
    def lasting(fps: int) -> float:
        lids = np.array([pose.blink for pose in poses(seconds=120, fps=fps)])
        starts = np.flatnonzero((lids[1:] > 0) & (lids[:-1] == 0))
        return float((lids > 0).sum() / fps / len(starts))

    assert abs(lasting(50) - lasting(25)) < 0.03


def test_the_eyes_go_first_and_the_head_comes_after() -> None:
    motion = Motion(FPS)
    for number in range(50):
        before = motion.pose(number, REST)
    down = Manner(y=0.8)
    looking = [motion.pose(50 + n, REST, down) for n in range(25)]
    assert looking[2].look == 0.8
    assert looking[2].y - before.y < 0.45 * (looking[-1].y - before.y)
    back = [motion.pose(75 + n, REST) for n in range(25)]
    assert back[2].look == 0
    assert abs(back[-1].y - before.y) < 1.5


def test_a_smile_comes_and_goes_slowly_and_is_less_while_she_speaks() -> None:
    motion = Motion(FPS)
    warm = [motion.pose(n, REST, Manner(Mood.WARM)).smile for n in range(60)]
    assert warm[0] < 0.15
    assert warm[-1] > 0.95
    assert max(np.diff(warm)) < 0.12
    spoken = [motion.pose(60 + n, Mouth(open=0.4), Manner(Mood.WARM)).smile for n in range(60)]
    assert 0.5 < spoken[-1] < 0.7
    assert motion.pose(200, REST, Manner(Mood.CALM)).smile < 0.05


def test_whoever_is_in_trouble_is_listened_to_quietly() -> None:
    def about(mood: Mood) -> list[Pose]:
        motion = Motion(FPS)
        return [motion.pose(n, REST, Manner(mood)) for n in range(1500)]

    plain, calm = about(Mood.PLAIN), about(Mood.CALM)
    assert calm[-1].care > 0.95
    assert calm[-1].smile == 0
    assert np.std([p.x for p in calm[200:]]) < 0.7 * np.std([p.x for p in plain[200:]])
