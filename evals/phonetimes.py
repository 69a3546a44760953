"""Does a voice make its sounds when it says so? The lips can be no truer than the voice's times.

Hissing sounds (s, z, sh, ch) are loud above 4 kHz and everything else is not, in any voice; so the
shift at which the hiss in the sound fits the hissing phones best is the error of their times.
"""

from collections.abc import Sequence

import numpy as np

from agent.types import Phone, Samples

HISSING = ("s", "z", "ʃ", "ʒ", "tʃ", "dʒ")
STEP_S = 0.005
WINDOW_S = 0.010
MOST_S = 0.2


def lag(sound: Samples, rate: int, phones: Sequence[Phone]) -> tuple[float, float]:
    """How late, in seconds, the hiss in *sound* comes after the *phones* that should make it, and
    how well it fits there (r; above 0.4 the lag means something). Raises ValueError where nothing
    hisses, or *rate* is below 16 kHz."""
    if rate < 16_000:
        raise ValueError(f"{rate} Hz holds no hiss")
    due = _due(phones, len(sound) / rate)
    hiss = _hiss(sound, rate)
    count = min(len(due), len(hiss))
    due, hiss = due[:count], hiss[:count]
    if not count or np.ptp(due) == 0 or np.ptp(hiss) == 0:
        raise ValueError("nothing hisses")
    most = round(MOST_S / STEP_S)
    fits = [
        float(
            np.corrcoef(hiss[max(k, 0) : count + min(k, 0)], due[max(-k, 0) : count - max(k, 0)])[
                0, 1
            ]
        )
        for k in range(-most, most + 1)
    ]
    best = int(np.argmax(fits))
    return (best - most) * STEP_S, fits[best]


def _due(phones: Sequence[Phone], seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """1 in each step in which a hissing phone should sound."""
    at = np.arange(int(seconds / STEP_S)) * STEP_S + WINDOW_S / 2
    due = np.zeros(len(at))
    for phone in phones:
        if phone.symbol in HISSING:
            due[(at >= phone.start) & (at < phone.end)] = 1
    return due


def _hiss(sound: Samples, rate: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """In each step, the energy above 4 kHz against that below 1.5 kHz, as a share of both."""
    step, window = round(STEP_S * rate), round(WINDOW_S * rate)
    starts = np.arange(0, max(len(sound) - window, 0), step)
    if not len(starts):
        return np.zeros(0)
    pieces = np.stack([sound[start : start + window] for start in starts]) * np.hanning(window)
    power = np.abs(np.fft.rfft(pieces)) ** 2
    pitch = np.fft.rfftfreq(window, 1 / rate)
    high, low = power[:, pitch > 4000].sum(axis=1), power[:, pitch < 1500].sum(axis=1)
    return np.asarray(high / (high + low + 1e-4 * power.sum(axis=1).max() + 1e-12))
