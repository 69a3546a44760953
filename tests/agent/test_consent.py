import argparse
import json
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent import consent
from agent.consent import (
    ConsentRefused,
    Reason,
    Trust,
    Use,
    built_in,
    check,
    public_key,
    sha256,
    signature_file,
)
from agent.consent_cli import add_arguments, run
from agent.consent_hours import Used
from agent.consent_record import Modality, canonical
from models.built_in import files, listing

NOW = datetime.now(UTC) + timedelta(hours=1)


def candor_consent(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser.add_subparsers())
    return run(parser.parse_args(["consent", *(str(word) for word in words)]))


@dataclass(frozen=True)
class Case:
    """A picture with a record that holds, ready to be spoilt."""

    picture: Path
    record: Path
    keys: Path
    trust: Trust

    def check(self, *, now: datetime = NOW, use: Use | None = None) -> str:
        return check(
            [self.picture], "face", self.record, trust=self.trust, now=now, use=use
        ).record_id

    def refused(self, reason: Reason, field: str, *, now: datetime = NOW) -> None:
        with pytest.raises(ConsentRefused) as refused:
            self.check(now=now)
        assert (refused.value.reason, refused.value.field) == (reason, field)
        assert refused.value.remedy

    def edit(self, change: Callable[[dict[str, Any]], object], *, sign: bool = True) -> None:
        value = json.loads(self.record.read_bytes())
        change(value)
        self.record.write_bytes(canonical(value))
        if sign:
            for role in value["signatures"]:
                assert not candor_consent(
                    "sign", self.record, "--role", role, "--key", self.keys / role
                )

    def status(self, state: str = "active", role: str = "subject") -> int:
        return candor_consent(
            "status", self.record, "--state", state, "--role", role, "--key", self.keys / role
        )


def a_record(folder: Path, kind: str) -> Case:
    folder.mkdir(parents=True)
    picture, record, keys = folder / "anna.png", folder / "consent.json", folder / "keys"
    picture.write_bytes(b"a picture")
    for role in ("controller", "subject"):
        assert not candor_consent("key", keys / role)
    shared = ["new", "--kind", kind, "--name", "Anna", "--controller", "The Shop"]
    shared += ["--controller-contact", "shop@example.org", "--out", str(record)]
    shared += ["--controller-key", str(keys / "controller.pub.pem"), "--face", str(picture)]
    if kind == "synthetic":
        shared += ["--made-with", "Drawn by hand for this shop"]
    else:
        shared += ["--contact", "anna@example.org", "--adult", "--method", "in writing"]
        shared += ["--statement", "You may show my face.", "--revoke-by", "mail to the shop"]
        shared += ["--platform", "own-site", "--territory", "US", "EU", "--language", "en"]
        shared += ["--not-category", "medicine"]
        shared += ["--subject-key", str(keys / "subject.pub.pem")]
    assert not candor_consent(*shared)
    trust = Trust(
        frozenset([public_key(keys / "controller.pub.pem")]),
        frozenset([public_key(keys / "subject.pub.pem")]),
    )
    case = Case(picture, record, keys, trust)
    case.edit(lambda value: None)
    if kind == "clone":
        assert not case.status()
    return case


@pytest.fixture
def clone(tmp_path: Path) -> Case:
    return a_record(tmp_path / "clone", "clone")


@pytest.fixture
def persona(tmp_path: Path) -> Case:
    return a_record(tmp_path / "persona", "synthetic")


def set_(*path: str, to: object) -> Callable[[dict[str, Any]], object]:
    def change(value: dict[str, Any]) -> None:
        for part in path[:-1]:
            value = value[part]
        value[path[-1]] = to

    return change


def test_a_signed_record_lets_a_face_load(clone: Case, persona: Case) -> None:
    assert clone.check()
    assert persona.check()
    consent = check([clone.picture], "face", clone.record, trust=clone.trust, now=NOW)
    assert (consent.kind, consent.name) == ("clone", "Anna")
    assert consent.assets == {clone.picture: sha256(clone.picture)}


def test_a_face_without_a_record_does_not_load(clone: Case) -> None:
    replace(clone, record=clone.record.with_name("none.json")).refused(
        Reason.NO_RECORD, str(clone.record.with_name("none.json"))
    )
    with pytest.raises(ConsentRefused, match="not one of the built-in"):
        check([clone.picture], "face", None, trust=clone.trust, now=NOW)


@pytest.mark.parametrize("kind", ["clone", "synthetic"])
def test_every_byte_of_a_record_is_under_its_signatures(tmp_path: Path, kind: str) -> None:
    case = a_record(tmp_path / "r", kind)
    case.edit(set_("subject", "name", to="Bertha"), sign=False)
    case.refused(Reason.BAD_SIGNATURE, "consent.controller.sig")


@pytest.mark.parametrize("role", ["controller", "subject"])
@pytest.mark.parametrize("signature", [None, "", "not base64!", "AAAA", "Ω"])
def test_both_signatures_must_be_there_and_right(
    clone: Case, role: str, signature: str | None
) -> None:
    file = signature_file(clone.record, "subject" if role == "subject" else "controller")
    if signature is None:
        file.unlink()
    else:
        file.write_text(signature)
    clone.refused(Reason.BAD_SIGNATURE, f"consent.{role}.sig")


def test_a_valid_signature_of_a_stranger_does_not_count(clone: Case) -> None:
    replace(clone, trust=Trust()).refused(Reason.BAD_SIGNATURE, "signatures.controller.key")
    controllers_only = replace(clone, trust=replace(clone.trust, subjects=frozenset()))
    controllers_only.refused(Reason.BAD_SIGNATURE, "signatures.subject.key")


def test_the_shop_cannot_sign_for_the_person(clone: Case) -> None:
    key = json.loads(clone.record.read_bytes())["signatures"]["controller"]["key"]
    clone.edit(set_("signatures", "subject", "key", to=key), sign=False)
    both = frozenset(clone.trust.controllers)
    replace(clone, trust=Trust(both, both)).refused(Reason.BAD_SIGNATURE, "signatures.subject.key")


def test_another_picture_under_the_same_name_does_not_load(clone: Case) -> None:
    clone.picture.write_bytes(b"somebody else")
    clone.refused(Reason.HASH_MISMATCH, "assets: anna.png: sha256")


def test_a_picture_that_the_record_does_not_list_does_not_load(clone: Case) -> None:
    other = clone.picture.with_name("other.png")
    other.write_bytes(b"a picture")
    replace(clone, picture=other).refused(Reason.NOT_COVERED, "assets")
    outside = clone.record.parent.parent / "anna.png"
    outside.write_bytes(b"a picture")
    replace(clone, picture=outside).refused(Reason.NOT_COVERED, "assets")


def test_one_uncovered_asset_among_covered_ones_is_enough(clone: Case) -> None:
    other = clone.picture.with_name("other.png")
    other.write_bytes(b"other")
    with pytest.raises(ConsentRefused):
        check([clone.picture, other], "face", clone.record, trust=clone.trust, now=NOW)


def test_consent_to_a_face_is_no_consent_to_a_voice(clone: Case) -> None:
    with pytest.raises(ConsentRefused) as refused:
        check([clone.picture], "voice", clone.record, trust=clone.trust, now=NOW)
    assert refused.value.reason is Reason.NOT_COVERED
    says_it(clone)
    clone.edit(set_("modalities", to=["face", "voice"]))
    with pytest.raises(ConsentRefused) as refused:
        check([clone.picture], "voice", clone.record, trust=clone.trust, now=NOW)
    assert refused.value.field == "assets: anna.png: kind"


def says_it(clone: Case) -> Path:
    """The person's spoken statement, added to the record."""
    audio = clone.record.with_name("statement.wav")
    audio.write_bytes(b"I let the shop use my voice.")
    clone.edit(set_("statement", "audio", to=audio.name), sign=False)
    clone.edit(set_("statement", "audio_sha256", to=sha256(audio)))
    return audio


def test_a_voice_needs_the_person_saying_so(clone: Case) -> None:
    clone.edit(set_("modalities", to=["face", "voice"]), sign=False)
    clone.refused(Reason.MALFORMED, "record")
    audio = says_it(clone)
    assert clone.check()
    audio.write_bytes(b"I let nobody use my voice.")
    clone.refused(Reason.HASH_MISMATCH, "statement.audio")


GRANTED = Use(
    platforms=frozenset({"own-site"}),
    territories=frozenset({"US", "FR"}),
    languages=frozenset({"en"}),
    categories=frozenset({"home"}),
)


@pytest.mark.parametrize(
    ("beyond", "reason"),
    [
        (replace(GRANTED, platforms=frozenset({"own-site", "youtube"})), Reason.PLATFORM),
        (replace(GRANTED, territories=frozenset({"CN"})), Reason.TERRITORY),
        (replace(GRANTED, languages=frozenset({"en", "zh"})), Reason.LANGUAGE),
        (replace(GRANTED, categories=frozenset({"home", "medicine"})), Reason.CATEGORY),
    ],
)
def test_what_was_not_granted_is_refused_by_name(clone: Case, beyond: Use, reason: Reason) -> None:
    assert clone.check(use=GRANTED)
    with pytest.raises(ConsentRefused) as refused:
        clone.check(use=beyond)
    assert refused.value.reason is reason


def test_only_named_categories_are_granted_where_some_are_named(clone: Case) -> None:
    clone.edit(set_("scope", "categories", to=["clothes"]))
    with pytest.raises(ConsentRefused) as refused:
        clone.check(use=GRANTED)
    assert refused.value.reason is Reason.CATEGORY
    assert "home" in refused.value.remedy


def test_a_record_on_the_list_of_revoked_ones_does_not_hold(clone: Case, tmp_path: Path) -> None:
    record_id = json.loads(clone.record.read_bytes())["record_id"]
    trust = tmp_path / "trust"
    for role, name in (("controllers", "controller"), ("subjects", "subject")):
        (trust / role).mkdir(parents=True)
        key = clone.keys / f"{name}.pub.pem"
        (trust / role / key.name).write_bytes(key.read_bytes())
    assert replace(clone, trust=Trust.load(trust)).check()
    (trust / "revoked.txt").write_text(f"{record_id}  # by mail, 24 November\n")
    replace(clone, trust=Trust.load(trust)).refused(Reason.REVOKED, "revoked.txt")
    (trust / "revoked.txt").write_text("anna\n")
    with pytest.raises(ValueError, match=r"revoked\.txt:1"):
        Trust.load(trust)


def test_taking_a_consent_back_is_one_command(clone: Case) -> None:
    assert not candor_consent(
        "revoke", clone.record, "--role", "subject", "--key", clone.keys / "subject"
    )
    clone.refused(Reason.REVOKED, "consent.status.json")


def test_a_clock_set_back_is_noticed(tmp_path: Path) -> None:
    mark = tmp_path / "data" / "clock"
    consent.check_clock(mark, NOW)
    consent.check_clock(mark, NOW - timedelta(minutes=4))
    with pytest.raises(ConsentRefused) as refused:
        consent.check_clock(mark, NOW - timedelta(days=30))
    assert refused.value.reason is Reason.CLOCK
    consent.check_clock(mark, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("field", "most", "used"),
    [
        ("max_hours_per_day", 2, Used(today=timedelta(hours=2))),
        ("max_total_hours", 9.5, Used(total=timedelta(hours=9.5))),
        ("max_concurrent_streams", 1, Used(elsewhere=1)),
    ],
)
def test_a_consent_that_is_used_up_does_not_hold(
    clone: Case, field: str, most: float, used: Used
) -> None:
    clone.edit(lambda value: value.update(limits={field: most}))
    assert clone.check(), "nothing of it was used"

    def again() -> None:
        check(
            [clone.picture],
            "face",
            clone.record,
            trust=clone.trust,
            now=NOW,
            used=lambda record_id: used,
        )

    with pytest.raises(ConsentRefused) as refused:
        again()
    assert refused.value.reason is Reason.HOURS_EXCEEDED
    assert refused.value.field == f"limits.{field}"


def test_to_keep_a_film_is_a_purpose_of_its_own(clone: Case) -> None:
    with pytest.raises(ConsentRefused, match="grant recording; set record_video = false"):
        clone.check(use=replace(GRANTED, purposes=frozenset({"live_commerce", "recording"})))


def test_training_is_never_implied(clone: Case) -> None:
    with pytest.raises(ConsentRefused) as refused:
        clone.check(use=Use(frozenset({"training"})))
    assert (refused.value.reason, refused.value.field) == (Reason.PURPOSE, "purposes")


def test_a_consent_begins_and_ends(clone: Case, persona: Case) -> None:
    for case in (clone, persona):
        case.refused(Reason.NOT_YET_VALID, "term.start", now=NOW - timedelta(days=1))
        case.refused(Reason.EXPIRED, "term.end", now=NOW + timedelta(days=366))


def test_minors_are_refused(clone: Case) -> None:
    clone.edit(set_("subject", "is_adult", to=False))
    clone.refused(Reason.MINOR, "subject.is_adult")


def test_a_revoked_consent_stays_revoked(clone: Case) -> None:
    assert not clone.status("revoked")
    clone.refused(Reason.REVOKED, "consent.status.json")
    assert clone.status("active") == 2
    clone.refused(Reason.REVOKED, "consent.status.json")


def test_a_revocation_counts_even_unsigned(clone: Case) -> None:
    assert not clone.status("revoked")
    clone.record.with_name("consent.status.subject.sig").unlink()
    clone.refused(Reason.REVOKED, "consent.status.json")


def test_a_status_must_be_fresh_whole_and_signed(clone: Case) -> None:
    status = clone.record.with_name("consent.status.json")
    good = status.read_bytes()
    clone.refused(
        Reason.STALE_STATUS, "consent.status.json: checked_at", now=NOW + timedelta(hours=25)
    )
    status.write_bytes(good.replace(b"active", b"ACTIVE"))
    clone.refused(Reason.STALE_STATUS, "consent.status.json: state")
    status.write_bytes(good.replace(str(NOW.year).encode(), b"2999"))
    clone.refused(Reason.BAD_SIGNATURE, "consent.status.json")
    status.unlink()
    clone.refused(Reason.STALE_STATUS, "consent.status.json")
    clone.status()
    clone.check()


def test_a_status_of_another_record_is_none(clone: Case, tmp_path: Path) -> None:
    other = a_record(tmp_path / "other", "clone")
    clone.record.with_name("consent.status.json").write_bytes(
        other.record.with_name("consent.status.json").read_bytes()
    )
    clone.refused(Reason.STALE_STATUS, "consent.status.json: record_id")


@pytest.mark.parametrize("missing", ["statement", "revocation", "scope"])
def test_a_real_person_needs_the_whole_record(clone: Case, missing: str) -> None:
    clone.edit(lambda value: value.pop(missing), sign=False)
    clone.refused(Reason.MALFORMED, "record")


def test_a_persona_needs_its_provenance(persona: Case) -> None:
    persona.edit(lambda value: value.pop("provenance"), sign=False)
    persona.refused(Reason.MALFORMED, "record")


def test_a_persona_that_depicts_someone_is_no_persona(persona: Case) -> None:
    persona.edit(set_("provenance", "depicts_no_real_person", to=False), sign=False)
    persona.refused(Reason.MALFORMED, "provenance.depicts_no_real_person")


def test_a_restriction_that_we_do_not_know_is_not_ignored(clone: Case) -> None:
    clone.edit(set_("territories", to=["FR"]), sign=False)
    clone.refused(Reason.UNKNOWN_SCHEMA, "territories")
    clone.edit(set_("schema", to="candor-consent/9"), sign=False)
    clone.refused(Reason.UNKNOWN_SCHEMA, "schema")


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b"{", b"\xff\xfe", b'"' + b"x" * 300_000 + b'"', b"[" * 200_000],
    ids=["empty", "null", "list", "cut", "not utf-8", "long", "deep"],
)
def test_what_is_not_a_record_is_said_to_be_none(clone: Case, raw: bytes) -> None:
    clone.record.write_bytes(raw)
    clone.refused(Reason.MALFORMED, "file")


def test_a_record_has_one_form_only(clone: Case) -> None:
    raw = clone.record.read_bytes()
    clone.record.write_bytes(raw[:-2] + b',"version":2}\n')
    clone.refused(Reason.MALFORMED, "file")
    clone.record.write_bytes(json.dumps(json.loads(raw), indent=1).encode())
    clone.refused(Reason.MALFORMED, "file")
    for role in ("controller", "subject"):
        assert not candor_consent("sign", clone.record, "--role", role, "--key", clone.keys / role)
    clone.check()


@pytest.mark.parametrize("path", ["../anna.png", "/etc/passwd", "", ".", "a/../../b", "./anna.png"])
def test_a_record_covers_nothing_outside_its_folder(clone: Case, path: str) -> None:
    def change(value: dict[str, Any]) -> None:
        value["assets"][0]["path"] = path

    clone.edit(change, sign=False)
    clone.refused(Reason.MALFORMED, "assets.0.path")


def test_private_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    assert not candor_consent("key", tmp_path / "mine")
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o600
    assert candor_consent("key", tmp_path / "mine") == 2, "never written over"


def test_signing_with_another_key_is_refused_at_once(clone: Case) -> None:
    assert (
        candor_consent(
            "sign", clone.record, "--role", "subject", "--key", clone.keys / "controller"
        )
        == 2
    )
    clone.check()


def test_the_command_line_verifies(clone: Case, tmp_path: Path) -> None:
    trust = tmp_path / "trust"
    for role in ("controller", "subject"):
        (trust / f"{role}s").mkdir(parents=True)
        (trust / f"{role}s" / "anna.pem").write_bytes((clone.keys / f"{role}.pub.pem").read_bytes())
    assert candor_consent("verify", clone.record, "--trust", trust) == 0
    assert candor_consent("verify", clone.record, "--trust", tmp_path / "nobody") == 1
    clone.picture.unlink()
    assert candor_consent("verify", clone.record, "--trust", trust) == 2


def test_a_file_of_the_user_is_not_built_in(clone: Case) -> None:
    assert not built_in(clone.picture)


def test_the_list_of_built_in_assets_is_that_of_the_files() -> None:
    listed = Path(consent.__file__).with_name("built_in.sha256").read_text(encoding="utf-8")
    assert listed == listing(), "python -m models.built_in > agent/built_in.sha256"


def test_the_built_in_host_and_voices_need_no_record() -> None:
    assert {kind for kind, _, _ in files()} == {"face", "voice"}
    for kind, _, file in files():
        assert built_in(file)
        modality: Modality = "face" if kind == "face" else "voice"
        allowed = check([file], modality, None, trust=Trust(), now=NOW)
        assert allowed.kind == "built-in"


def test_a_built_in_face_does_not_vouch_for_another_beside_it(clone: Case) -> None:
    host = next(file for kind, _, file in files() if kind == "face")
    with pytest.raises(ConsentRefused) as refused:
        check([host, clone.picture], "face", None, trust=clone.trust, now=NOW)
    assert refused.value.reason is Reason.NO_RECORD
    with_record = check([host, clone.picture], "face", clone.record, trust=clone.trust, now=NOW)
    assert with_record.kind == "clone"


def test_a_draft_says_all_that_is_missing_and_where_its_files_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, folder = tmp_path / "keys", tmp_path / "host"
    folder.mkdir()
    assert not candor_consent("key", keys / "controller")
    face, elsewhere = folder / "anna.png", tmp_path / "other.png"
    for file in (face, elsewhere):
        file.write_bytes(b"a picture")
    of: list[str | Path] = [
        "new",
        "--name",
        "Anna",
        "--controller",
        "Shop",
        "--controller-contact",
        "by mail",
    ]
    of += ["--out", folder / "consent.json", "--controller-key"]
    public = keys / "controller.pub.pem"
    synthetic: list[str | Path] = ["--kind", "synthetic", "--made-with", "ours", "--face"]
    tries: list[tuple[list[str | Path], str]] = [
        ([public, "--kind", "clone", "--face", face], "--adult, --subject-key, --statement"),
        ([public, "--kind", "synthetic", "--face", face], "needs --made-with"),
        ([public, *synthetic], "pictures after --face"),
        ([public, *synthetic, folder / "nothing.png"], "nothing.png: no such file"),
        ([public, *synthetic, elsewhere], "put it beside the record"),
        ([keys / "nothing.pem", *synthetic, face], "nothing.pem: no such file"),
    ]
    for words, wanted in tries:
        assert candor_consent(*of, *words) == 2
        assert wanted in capsys.readouterr().err
