"""Where an output goes, and how that may be told: a stream key is seen by nobody."""

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote, urlsplit

HIDDEN: Final = "[key]"
"""What stands for a stream key, wherever one would be told."""
_LEAST_SECRET, _LEAST_PART = 4, 8
"""Characters of a key, and of a part of one or of a path: what is shorter ("live", "app") is no
secret, and hiding it would tear other words apart."""


@dataclass(frozen=True, slots=True)
class Target:
    """One ingest of one platform."""

    name: str
    url: str = field(repr=False)
    """rtmp:// or rtmps://, without the key where there is one."""
    key: str = field(default="", repr=False)
    """The stream key; empty where *url* is all that the server asks for."""
    ca: Path | None = None
    """PEM file of the roots that rtmps trusts; None: those of this machine."""

    @property
    def place(self) -> str:
        """What may be told of it: scheme, host and port. Some ingests have keys in their paths."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    def redacted(self, text: str) -> str:
        """*text* without the key, its parts and the path, as FFmpeg and others may repeat them."""
        path = urlsplit(self.url).path.strip("/")
        secrets = {self.key, quote(self.key), quote(self.key, safe="")}
        parts = {path, *_parts(path), *_parts(self.key)}
        hidden = {one for one in secrets if len(one) >= _LEAST_SECRET}
        hidden |= {one for one in parts if len(one) >= _LEAST_PART}
        for secret in sorted(hidden, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def for_ffmpeg(self, roots: str) -> str:
        """It as the only slave of FFmpeg's ``tee``, which unlike ``flv`` alone hands the options
        on to the connection. *roots*: the PEM file to trust, where none was set.

        The key goes in as an option of its own: in a URL FFmpeg would read an app, an instance or
        a file's type out of keys that have a slash, a colon or a dot.
        """
        options = {
            "f": "flv",
            "onfail": "abort",
            "flvflags": "no_duration_filesize",
            "flush_packets": "1",
            "rw_timeout": str(int(SILENT_S * 1e6)),
            # Beyond this the kernel takes no more, and the output drops to the next key frame;
            # by itself it would take megabytes, half a minute of show.
            "send_buffer_size": str(131_072),
            "tcp_nodelay": "1",
        }
        if self.url.startswith("rtmps:"):
            options["tls_verify"] = "1"
            if trusted := str(self.ca or roots):
                options["ca_file"] = trusted
        if self.key:
            options["rtmp_app"] = urlsplit(self.url).path.strip("/")
            options["rtmp_playpath"] = self.key
        told = ":".join(f"{name}={_escaped(text, ':]')}" for name, text in options.items())
        return _escaped(f"[{told}]{self.url}", "|")

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "url": self.url, "key": self.key, "ca": str(self.ca or "")}

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Self:
        ca = Path(data["ca"]) if data["ca"] else None
        return cls(data["name"], data["url"], data["key"], ca)


SILENT_S: Final = 3.0
"""How long a server may leave FFmpeg waiting, for its answer or for room to write."""


def roots() -> str:
    """The PEM file of the roots that this machine trusts; empty where FFmpeg has to find them."""
    found = ssl.get_default_verify_paths().cafile
    usual = (found, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
    return next((path for path in usual if path and Path(path).is_file()), "")


def _parts(key: str) -> list[str]:
    return re.split(r"[/?&=]", key)


def _escaped(text: str, special: str) -> str:
    """*text* for one reading by FFmpeg's ``av_get_token``."""
    return re.sub(rf"([\\'\s{re.escape(special)}])", r"\\\1", text)
