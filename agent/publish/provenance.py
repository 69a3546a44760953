"""What a recording says of itself to machines: the AIGC tag and a C2PA manifest, and reading both.

The tag (GB 45438-2025, annex E) is written by ``movie``; the manifest is signed last, as any later
change of the file breaks it, and says that a trained algorithm made picture and sound (IPTC digital
source type). Platforms that encode the stream anew drop both: the label in the picture stays.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MADE_BY_AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_YEARS = 10


class ProvenanceError(Exception):
    """A file cannot be signed or read: says which and why."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Whose signature a recording bears."""

    chain: Path
    """PEM: the signing certificate, then those above it."""
    key: Path
    """PEM, PKCS#8, P-256."""
    root: Path | None = None
    """PEM: the certificate that readers are to trust; None where it is a public one."""


def own_keys(folder: Path, shop: str) -> Keys:
    """The keys in *folder*, made at the first call: a root of this machine's own and a signing
    certificate below it. They prove that a file was not changed since; who signed, only to whoever
    was given ``root.pem``. Raises ProvenanceError."""
    keys = Keys(folder / "chain.pem", folder / "key.pem", folder / "root.pem")
    try:
        if not keys.key.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make(keys, shop)
    except OSError as error:
        raise ProvenanceError(f"{folder}: cannot keep keys there: {error.strerror}") from error
    return keys


def _make(keys: Keys, shop: str) -> None:
    root_key, leaf_key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    root_name = _name(f"{shop} root", shop)
    root = _certificate(root_name, root_name, root_key, root_key, authority=True)
    leaf = _certificate(_name(f"{shop} recordings", shop), root_name, leaf_key, root_key)
    pem = serialization.Encoding.PEM
    assert keys.root is not None
    keys.root.write_bytes(root.public_bytes(pem))
    keys.chain.write_bytes(leaf.public_bytes(pem) + root.public_bytes(pem))
    secret = leaf_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    scratch = keys.key.with_suffix(".new")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    scratch.replace(keys.key)  # last: where the key is, the rest is whole


def _name(common: str, shop: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, shop[:64]),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    own: ec.EllipticCurvePrivateKey,
    signing: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
) -> x509.Certificate:
    """As C2PA asks for: a leaf is for e-mail protection and digital signatures alone."""
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    public = own.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
            critical=False,
        )
    )
    if not authority:
        mail = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(mail, critical=True)
    return builder.sign(signing, hashes.SHA256())


def sign(path: Path, keys: Keys, title: str) -> None:
    """Give the finished MP4 at *path* its manifest, in place. Blocking: a copy of the file is made
    and takes its place whole. Raises ProvenanceError; the file is then as it was."""
    scratch = path.with_name(f"{path.stem}.signing{path.suffix}")
    manifest = {
        "claim_generator_info": [{"name": "Candor"}],
        "title": title,
        "format": "video/mp4",
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": MADE_BY_AI}]},
            }
        ],
    }
    try:
        chain, key = keys.chain.read_bytes(), keys.key.read_bytes()
        with (
            c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None)) as signer,
            c2pa.Builder(json.dumps(manifest)) as builder,
        ):
            builder.sign_file(path, scratch, signer)
        scratch.replace(path)
    except (c2pa.C2paError, OSError) as error:
        raise ProvenanceError(f"{path}: not signed: {error}") from error
    finally:
        scratch.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a file says of itself."""

    aigc: dict[str, str] | None
    """The AIGC tag, if there is one that can be read."""
    c2pa: str
    """trusted (signed by a root that is trusted here), valid (not changed since it was signed, by
    whomever), invalid, or none."""
    made_by_ai: bool
    """The manifest says that a trained algorithm made it."""
    why: str = ""
    """Why it is invalid."""

    @property
    def whole(self) -> bool:
        """Both marks are there, and true."""
        named = self.aigc is not None and self.aigc.get("Label") == "1"
        return named and self.c2pa in ("trusted", "valid") and self.made_by_ai


def read(path: Path, root: Path | None = None) -> Marks:
    """The marks of the file at *path*, trusting *root* beside nobody. Raises ProvenanceError where
    it is no film."""
    try:
        with av.open(str(path)) as film:
            tag = film.metadata.get("AIGC") or film.metadata.get("aigc")
    except (av.FFmpegError, OSError) as error:
        raise ProvenanceError(f"{path}: cannot be read as a film: {error}") from error
    state, made_by_ai, why = _manifest(path, root)
    return Marks(_tag(tag), state, made_by_ai, why)


def _tag(text: str | None) -> dict[str, str] | None:
    try:
        found = json.loads(text or "")
    except ValueError:
        return None
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else None


def _manifest(path: Path, root: Path | None) -> tuple[str, bool, str]:
    settings: dict[str, Any] = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
    if root is not None:
        settings["trust"] = {"user_anchors": root.read_text()}
    try:
        with (
            c2pa.Context(settings=c2pa.Settings.from_dict(settings)) as context,
            c2pa.Reader(path, context=context) as reader,
        ):
            state = str(reader.get_validation_state() or "Invalid").lower()
            made_by_ai = MADE_BY_AI in json.dumps(reader.get_active_manifest())
            why = "" if state != "invalid" else _why(reader.get_validation_results())
            return state, made_by_ai, why
    except c2pa.C2paError as error:
        if "ManifestNotFound" in str(type(error)) + str(error):
            return "none", False, ""
        return "invalid", False, str(error)


def _why(results: Any) -> str:
    failures = ((results or {}).get("activeManifest") or {}).get("failure") or []
    return "; ".join(str(one.get("explanation") or one.get("code")) for one in failures)[:300]
