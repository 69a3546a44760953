"""A real IRC server on loopback: Debian's InspIRCd, reached as Twitch's is, over a WebSocket."""

import shutil
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

PROGRAM = shutil.which("inspircd") or "/usr/sbin/inspircd"
HERE = Path(PROGRAM).exists()

_SETTINGS = """
<server name="irc.test" description="test" network="test" id="001">
<admin name="nobody" nick="nobody" email="nobody@irc.test">
<bind address="127.0.0.1" port="{web}" type="clients" hook="websocket">
<bind address="127.0.0.1" port="{plain}" type="clients">
<module name="sha1"> <module name="websocket"> <wsorigin allow="*">
<connect allow="127.0.0.1" resolvehostnames="no" timeout="60" commandrate="1000000"
 threshold="1000000" fakelag="no" localmax="100" globalmax="100"
 recvq="1M" softsendq="1M" hardsendq="4M" limit="1000">
<performance nouserdns="yes"> <options prefixquit="" exemptchanops="">
<pid file="{folder}/inspircd.pid"> <path datadir="{folder}" logdir="{folder}" runtimedir="{folder}">
<log method="file" type="*" level="default" target="{folder}/inspircd.log">
"""


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Ircd:
    """Can be killed and started again, on the same ports."""

    def __init__(self, folder: Path) -> None:
        self.web, self.plain = free_port(), free_port()
        self._file = folder / "inspircd.conf"
        self._file.write_text(_SETTINGS.format(folder=folder, web=self.web, plain=self.plain))
        self._log = folder / "inspircd.log"
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.web}"

    def start(self) -> None:
        command = [PROGRAM, "--nofork", "--runasroot", "--config", str(self._file)]
        self._running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.plain), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self._log.read_text() if self._log.exists() else "no log")

    def kill(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None


class Writer:
    """Somebody who writes in a channel."""

    def __init__(self, server: Ircd, nick: str, channel: str) -> None:
        self._channel = channel
        self._socket = socket.create_connection(("127.0.0.1", server.plain), 10)
        self._send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self._until(" 001 ")
        self._send(f"JOIN #{channel}")
        self._until(" 366 ")

    def write(self, *lines: str) -> None:
        self._send(*(f"PRIVMSG #{self._channel} :{line}" for line in lines))

    def close_to_others(self) -> None:
        self._send(f"MODE #{self._channel} +k secret")
        self._until(" MODE ")

    def close(self) -> None:
        self._socket.close()

    def _send(self, *lines: str) -> None:
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _until(self, wanted: str) -> None:
        seen = ""
        while wanted not in seen:
            more = self._socket.recv(65536).decode("utf-8", "replace")
            assert more, seen
            seen += more
            for line in more.splitlines():
                if line.startswith("PING"):
                    self._send(line.replace("PING", "PONG", 1))
