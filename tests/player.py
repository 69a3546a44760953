"""A viewer's player in a process of its own: ``python -m tests.player URL [--key KEY]
[--label LANGUAGE]``.

Prints a line of JSON for each picture that it decoded (``tests.rtmp.Seen``), and connects again
when the stream ends, as a viewer would.
"""

import argparse
import json
import sys
import time
from urllib.parse import urlsplit

import av
import numpy as np

from agent.label import Label
from tests.agent.publish.synthetic import luma, number_of

_OPTIONS = {
    "fflags": "nobuffer",
    "flags": "low_delay",
    "probesize": "500000",
    "analyzeduration": "1500000",
    "rw_timeout": "2000000",
    "rtmp_live": "live",
    "rtmp_buffer": "100",
}


def watch(url: str, key: str, label: Label | None, stream: int) -> None:
    """Raises FFmpegError at the end of the stream."""
    options = dict(_OPTIONS) if url.startswith("rtmp") else {}
    if key:  # apart: in a URL FFmpeg would take a key with a slash or a colon to pieces
        options |= {"rtmp_app": urlsplit(url).path.strip("/"), "rtmp_playpath": key}
    with av.open(url, options=options) as movie:
        movie.streams.video[0].codec_context.thread_count = 1
        for frame in movie.decode(video=0):
            seen = {
                "wall": time.monotonic(),
                "at": float(frame.time or 0),
                "number": number_of(luma(frame)),
                "label": None,
                "stream": stream,
                "tag": movie.metadata.get("AIGC", ""),
            }
            if label:
                image = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                seen["label"] = label.visible_in(image)
            sys.stdout.write(json.dumps(seen) + "\n")
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--key", default="")
    parser.add_argument("--label", choices=("en", "fr", "zh"))
    arguments = parser.parse_args()
    label = Label(arguments.label) if arguments.label else None
    stream = 0
    while True:
        stream += 1
        try:
            watch(arguments.url, arguments.key, label, stream)
        except (av.FFmpegError, OSError):
            time.sleep(0.2)


if __name__ == "__main__":
    main()
