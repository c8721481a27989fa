"""Model files: what goes in comes out, the card alone is cheap, and what is none is refused."""

import struct
import subprocess
import sys

import pytest
import torch

from acetate.learn.model_file import load_model, read_card, save_model

CARD = {"kind": "example", "parameters": {"base": 8}, "words": "Käse"}


def test_round_trip(tmp_path):
    state = {"a": torch.rand(3, 2).t(), "steps": torch.tensor(7), "b": torch.rand(2).half()}
    save_model(tmp_path / "m.safetensors", state, CARD)
    found, card = load_model(tmp_path / "m.safetensors")
    assert card == CARD == read_card(tmp_path / "m.safetensors")
    assert all(torch.equal(found[name], state[name]) for name in state)
    assert {name: each.dtype for name, each in found.items()} == {
        name: each.dtype for name, each in state.items()
    }


def test_shared_tensors_are_stored(tmp_path):
    one = torch.rand(4)
    save_model(tmp_path / "m", {"a": one, "b": one[:2]}, {})
    found, _ = load_model(tmp_path / "m")
    assert torch.equal(found["b"], one[:2])


def test_the_card_is_read_without_torch(tmp_path):
    save_model(tmp_path / "m", {"a": torch.zeros(1)}, CARD)
    script = (
        "import sys; from acetate.learn.model_file import read_card; "
        "print(read_card(sys.argv[1])['kind'], 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "m")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["example", "False"]


def header(text, rest=b""):
    return struct.pack("<Q", len(text)) + text + rest


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PNG",
        b"\xff" * 100,
        header(b"not JSON"),
        header(b"{}"),
        header(b'{"__metadata__": {"acetate": "no JSON"}}'),
        header(b'{"__metadata__": {"acetate": "[1]"}}'),
        header(b'{"__metadata__": {"acetate": 3}}'),
        header(b"[" * 100_000),
    ],
)
def test_what_is_no_model(tmp_path, content):
    path = tmp_path / "m"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is no network of acetate's"):
        load_model(path)


def test_a_model_that_was_cut(tmp_path):
    save_model(tmp_path / "m", {"a": torch.rand(100)}, CARD)
    whole = (tmp_path / "m").read_bytes()
    (tmp_path / "m").write_bytes(whole[:-50])
    with pytest.raises(ValueError, match="is a damaged model"):
        load_model(tmp_path / "m")


def test_a_card_that_is_no_json(tmp_path):
    with pytest.raises(ValueError):
        save_model(tmp_path / "m", {}, {"loss": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_card(tmp_path / "none")
