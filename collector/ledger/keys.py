"""The log's own key: made once, in the ledger's folder; its public half lies beside it as a verifier key."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from collector.identity import load_or_make_key
from collector.store.schema import make_folder
from wire.errors import BadInput
from wire.notes import ED25519, NoteKey, Signer
from wire.ports import Randomness

FOLDER: Final = "ledger"  # in the collector's folder
VERIFIER_FILE: Final = "verifier-key"


def load_or_make_signer(folder: Path, origin: str, randomness: Randomness) -> Signer:
    """The log's signer in its folder, under the name that its checkpoints carry.

    Raises `BadInput` when the folder's log has another name: renaming would end every proof that was given.
    """
    make_folder(folder)
    signer = Signer(origin, ED25519, load_or_make_key(folder, randomness))
    public = folder / VERIFIER_FILE
    if public.exists():
        known = read_key(folder)
        if known != signer.key:
            raise BadInput(f"{folder}: this is the ledger of {known.name}, and its key does not change")
    else:
        public.write_text(f"{signer.key}\n", encoding="utf-8")
    return signer


def read_key(folder: Path) -> NoteKey:
    """The verifier key of a ledger's folder; raises `BadInput`."""
    try:
        return NoteKey.parse((folder / VERIFIER_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{folder}: no ledger is here") from error
