"""In front of a server on loopback: TLS, with certificates made for the purpose, or a thin line."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A root, and with its key a certificate for *host* below it: two PEM files."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a root for tests")])
    try:
        name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        name = x509.DNSName(host)
    now = datetime.now(UTC)

    def signed(subject: x509.Name, public: ec.EllipticCurvePublicKey, ca: bool) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
        )
        if not ca:
            builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        return builder.sign(root_key, hashes.SHA256()).public_bytes(PEM)

    secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    root, chain = folder / "root.pem", folder / "chain.pem"
    root.write_bytes(signed(root_name, root_key.public_key(), True))
    chain.write_bytes(signed(x509.Name([]), key.public_key(), False) + secret)
    return root, chain


@contextmanager
def tls(port: int, chain: Path) -> Iterator[int]:
    """Gives the port on which what goes to *port* may be said over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    with _in_front(port, lambda plain: context.wrap_socket(plain, server_side=True), 0) as own:
        yield own


@contextmanager
def throttled(port: int, bytes_a_second: int) -> Iterator[int]:
    """Gives the port by which no more than that reaches *port*."""
    with _in_front(port, lambda plain: plain, bytes_a_second) as own:
        yield own


@contextmanager
def _in_front(
    port: int, wrap: Callable[[socket.socket], socket.socket], bytes_a_second: int
) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # Before the connection is there: its window is as small, and holds no seconds of a show.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        serving = threading.Thread(
            target=_serve, args=(listener, wrap, port, bytes_a_second), daemon=True
        )
        serving.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


def _serve(
    listener: socket.socket,
    wrap: Callable[[socket.socket], socket.socket],
    port: int,
    bytes_a_second: int,
) -> None:
    with suppress(OSError):
        while True:
            plain, _ = listener.accept()
            with suppress(ssl.SSLError, ConnectionError):
                inner = wrap(plain)
                outer = socket.create_connection(("127.0.0.1", port))
                for one, other, rate in ((inner, outer, bytes_a_second), (outer, inner, 0)):
                    threading.Thread(target=_pump, args=(one, other, rate), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, bytes_a_second: int) -> None:
    with suppress(OSError):
        while data := source.recv(4096 if bytes_a_second else 65_536):
            sink.sendall(data)
            if bytes_a_second:
                time.sleep(len(data) / bytes_a_second)
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
