import logging
import stat
import threading
import traceback

import pytest

from yanzhen.channels.opening import Opener
from yanzhen.channels.ports import AppKeys, Tokens
from yanzhen.channels.vault import Place, Vault, VaultClosed, WrongSeal, sealed_with

CANARY = b"canary-7f3a9c-token"
HERE = Place(1, "7", "tokens", "https://api.x.com")


def opener_at(folder):
    made = Opener(folder, folder / "worker")
    made.ensure_pair()
    return made


@pytest.fixture
def box(tmp_path):
    return opener_at(tmp_path / "keys")


def test_seal_and_open_give_the_same_back_and_never_twice_the_same(box):
    one, two = box.seal(CANARY, HERE), box.seal(CANARY, HERE)
    assert box.open(one, HERE) == box.open(two, HERE) == CANARY
    assert one != two
    assert CANARY not in one


def test_open_takes_what_the_database_gives(box):
    assert box.open(memoryview(box.seal(b"", HERE)), HERE) == b""


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place(2, "7", "tokens", "https://api.x.com"),
        Place(1, "8", "tokens", "https://api.x.com"),
        Place(1, "7", "client_secret", "https://api.x.com"),
        Place(1, "7", "tokens", "http://127.0.0.1:9000"),
        Place(17, "", "tokens", "https://api.x.com"),
        Place(1, "7t", "okens", "https://api.x.com"),
    ],
)
def test_open_in_another_place_is_refused(box, elsewhere):
    with pytest.raises(WrongSeal):
        box.open(box.seal(CANARY, HERE), elsewhere)


def test_open_with_any_bit_flipped_is_refused(box):
    sealed = box.seal(b"x", HERE)
    for index in range(len(sealed)):
        bent = bytearray(sealed)
        bent[index] ^= 1 << (index % 8)
        with pytest.raises((WrongSeal, VaultClosed)):
            box.open(bytes(bent), HERE)


def test_open_cut_or_empty_is_refused(box):
    sealed = box.seal(CANARY, HERE)
    for length in range(len(sealed)):
        with pytest.raises(WrongSeal):
            box.open(sealed[:length], HERE)
    with pytest.raises(WrongSeal):
        box.open(sealed + b"\0", HERE)


def test_open_with_another_installation_is_closed(box, tmp_path):
    other = opener_at(tmp_path / "other")
    with pytest.raises(VaultClosed, match=r"backup"):
        other.open(box.seal(CANARY, HERE), HERE)


def test_open_with_a_swapped_private_key_is_refused(box, tmp_path):
    sealed = box.seal(CANARY, HERE)
    other = opener_at(tmp_path / "other")
    theirs = other.private / f"vault-{other.current_id()}.key"
    mine = box.private / f"vault-{box.current_id()}.key"
    mine.write_bytes(theirs.read_bytes())
    with pytest.raises(WrongSeal):
        box.open(sealed, HERE)


def test_seal_needs_no_private_key(box, tmp_path):
    key = box.private / f"vault-{box.current_id()}.key"
    private = key.read_bytes()
    key.unlink()
    assert box.is_open() is False
    sealed = box.seal(CANARY, HERE)
    with pytest.raises(VaultClosed):
        box.open(sealed, HERE)
    key.write_bytes(private)
    assert box.is_open() is True
    assert box.open(sealed, HERE) == CANARY


def test_rotate_keeps_old_secrets_readable_until_resealed(box, tmp_path):
    old_id = box.current_id()
    sealed = box.seal(CANARY, HERE)
    assert box.reseal(sealed, HERE) == sealed
    new_id = box.rotate()
    assert new_id != old_id
    assert box.open(sealed, HERE) == CANARY
    moved = box.reseal(sealed, HERE)
    assert (sealed_with(sealed), sealed_with(moved)) == (old_id, new_id)
    (box.private / f"vault-{old_id}.key").unlink()
    assert box.open(moved, HERE) == CANARY
    with pytest.raises(VaultClosed):
        box.open(sealed, HERE)


def test_private_keys_lie_apart_and_are_closed_to_others(box):
    assert [path.suffix for path in box.private.iterdir()] == [".key"]
    for path in box.private.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(box.folder.glob("*.key"))
    for folder in (box.folder, box.private):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_keys_of_an_older_installation_are_taken_in_and_go_on_opening(box):
    sealed = box.seal(CANARY, HERE)
    old = box.folder / f"vault-{box.current_id()}.key"
    (box.private / old.name).rename(old)
    (box.private).rmdir()
    box.ensure_pair()
    assert not old.exists()
    assert box.open(sealed, HERE) == CANARY
    assert stat.S_IMODE((box.private / old.name).stat().st_mode) == 0o600


def test_seal_without_any_key_says_what_to_start(tmp_path):
    with pytest.raises(VaultClosed, match="yanzhen work"):
        Vault(tmp_path).seal(CANARY, HERE)


def test_first_start_of_many_processes_agrees_on_one_key(tmp_path):
    start = threading.Barrier(16)
    ids = []

    def first():
        start.wait()
        ids.append(opener_at(tmp_path / "keys").current_id())

    threads = [threading.Thread(target=first) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 1
    assert sorted(path.name for path in (tmp_path / "keys").rglob("*")) == sorted(
        ["vault.current", f"vault-{ids[0]}.pub", "worker", f"vault-{ids[0]}.key"]
    )


@pytest.mark.parametrize("content", ["", "../../etc/passwd", "zz" * 8, "ab"])
def test_damaged_choice_of_key_is_told(box, tmp_path, content):
    box.current_id()
    (tmp_path / "keys" / "vault.current").write_text(content)
    with pytest.raises(VaultClosed, match=r"vault\.current"):
        box.seal(CANARY, HERE)


def test_secrets_are_never_told(box, caplog):
    caplog.set_level(logging.DEBUG)
    secret = CANARY.decode()
    held = [
        Tokens("oauth2", secret, secret=secret, refresh=secret),
        AppKeys(secret, secret, secret, secret),
        box,
    ]
    told = [repr(h) + str(h) + f"{h}" for h in held]
    sealed = bytearray(box.seal(CANARY, HERE))
    sealed[-1] ^= 1
    try:
        box.open(bytes(sealed), HERE)
    except WrongSeal as error:
        told.append("".join(traceback.format_exception(error)))
    assert secret not in "".join(told) + caplog.text
    assert str(box.folder) not in repr(box)
