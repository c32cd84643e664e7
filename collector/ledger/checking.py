"""Whether a copy of a ledger holds, with no trust in who made the copy.

Rules of this file: it starts from a key and the bytes of a source. A fault is one line that names the file; a
copy that cannot be read at all is `BadInput`. What does not fit is a fault, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, field

from collector.ledger.sources import CHECKPOINT, Source
from wire.edge import edge_of
from wire.errors import BadInput, BadRecord, BadSignature
from wire.ledger import Entry, parse_entry
from wire.merkle import EMPTY_ROOT, HASH_BYTES, consistency_proof, is_consistent, leaf_hash, nodes_of, root
from wire.notes import Checkpoint, Note, NoteKey, parse_note, verified
from wire.tiles import WIDTH, Tile, bundles_of, entries_of, faults_between, hashes_of, tiles_of

Progress = Callable[[int, int], None]
MAX_FAULTS = 100
_SIDES = 2  # of a comparison
_BROUGHT = frozenset({"claim", "sheet", "scan", "void"})


class Checked(Struct):
    """What a copy turned out to be. `found`: the entries that name the hash which was asked for, by index.

    `brought`: claims, sheets, scans and voids by their index. `hashes`: what each entry names.
    """

    head: Checkpoint
    faults: list[str] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    found: list[tuple[int, Entry]] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    brought: dict[int, Entry] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)


def _silent(_done: int, _all: int) -> None:
    pass


def check(source: Source, key: NoteKey, sha256: str = "", told: Progress = _silent) -> Checked:
    """Check everything: signature, every tile, every entry, the root; look for a hash on the way.

    Raises `BadInput` when there is no checkpoint that the key has signed.
    """
    head = signed_head(_read(source, CHECKPOINT), key)
    checked = Checked(head)
    for fault in _faults(source, checked, sha256, told):
        checked.faults.append(fault)
        if len(checked.faults) == MAX_FAULTS:
            break
    return checked


def signed_head(raw: bytes, key: NoteKey) -> Checkpoint:
    """The checkpoint of a note that the log's key has signed; raises `BadInput`."""
    note = parse_note(raw)
    verified(note, [key])
    return _named(note, key)


def _named(note: Note, key: NoteKey) -> Checkpoint:
    head = Checkpoint.parse(note.text)
    if head.origin != key.name:
        raise BadSignature(f"a checkpoint of {head.origin}, but the key is that of {key.name}")
    return head


def begins_with(checked: Checked, earlier: Checkpoint) -> str:
    """Nothing when the log begins with an earlier checkpoint's, else why not."""
    if not earlier.size:
        return "" if earlier.root == EMPTY_ROOT else "the earlier checkpoint is of no entries, but not empty"
    if earlier.size > checked.head.size:
        return f"it shrank: the earlier checkpoint has {earlier.size} entries, this one {checked.head.size}"
    if len(checked.leaves) < checked.head.size:
        return "not all entries are here, so that the earlier checkpoint could not be compared"
    nodes = nodes_of(checked.leaves)
    proof = consistency_proof(nodes, earlier.size, checked.head.size)
    new = (checked.head.size, root(checked.leaves))
    if is_consistent((earlier.size, earlier.root), new, proof):
        return ""
    return f"the log was rewritten: its first {earlier.size} entries are not those of the earlier checkpoint"


def _faults(source: Source, checked: Checked, sha256: str, told: Progress) -> Iterator[str]:
    size = checked.head.size
    tiles: dict[tuple[int, int], list[bytes]] = {}
    for tile in tiles_of(size):
        hashes, fault = _hashes(source, tile)
        if fault:
            yield fault
        tiles[tile.level or 0, tile.index] = hashes
    yield from faults_between(tiles)
    for number, tile in enumerate(bundles_of(size)):
        yield from _bundle_faults(source, tile, tiles.get((0, tile.index), []), checked, sha256)
        told(number * WIDTH + tile.width, size)
    if len(checked.leaves) == size and edge_of(checked.leaves).root != checked.head.root:
        yield f"{CHECKPOINT}: the root hash is not that of the entries"


def _hashes(source: Source, tile: Tile) -> tuple[list[bytes], str]:
    try:
        raw = _tile_bytes(source, tile)
        return hashes_of(raw[: tile.width * HASH_BYTES], tile.width), ""
    except BadRecord as error:
        return [], f"{tile.path}: {error}"


def _bundle_faults(
    source: Source, tile: Tile, hashes: list[bytes], checked: Checked, sha256: str
) -> Iterator[str]:
    try:
        entries = _entries(_tile_bytes(source, tile), tile)
    except BadRecord as error:
        yield f"{tile.path}: {error}"
        return
    for number, raw in enumerate(entries):
        index = tile.index * WIDTH + number
        leaf = leaf_hash(raw)
        checked.leaves.append(leaf)
        if number < len(hashes) and hashes[number] != leaf:
            beside = Tile(0, tile.index, tile.width).path
            yield f"{tile.path}: entry {index} does not fit its hash in {beside}"
        yield from _entry_faults(raw, index, checked, sha256)


def _entry_faults(raw: bytes, index: int, checked: Checked, sha256: str) -> Iterator[str]:
    try:
        entry = parse_entry(raw)
    except BadRecord as error:
        yield f"entry {index}: {error}"
        return
    checked.hashes[index] = entry.sha256
    if entry.kind in _BROUGHT:
        checked.brought[index] = entry
    checked.kinds[entry.kind] = checked.kinds.get(entry.kind, 0) + 1
    if any(earlier >= index for earlier in entry.of):
        yield f"entry {index}: it speaks of an entry that came later"
    elif entry.kind in {"match", "mismatch"} and not _compares(entry, checked):
        yield f"entry {index}: it says {entry.kind}, which its two entries do not bear out"
    if sha256 and entry.sha256 == sha256:
        checked.found.append((index, entry))


def _compares(entry: Entry, checked: Checked) -> bool:
    """Whether a comparison is true; where an entry is missing, that fault is told itself."""
    hashes = [checked.hashes.get(at) for at in entry.of]
    if None in hashes:
        return True
    return len(hashes) == _SIDES and (hashes[0] == hashes[1]) == (entry.kind == "match")


def _entries(raw: bytes, tile: Tile) -> list[bytes]:
    """The entries of a bundle; of a full one where a part was asked for, the first ones."""
    try:
        return entries_of(raw, tile.width)
    except BadRecord as error:
        try:
            return entries_of(raw, WIDTH)[: tile.width]
        except BadRecord:
            raise error from None


def _tile_bytes(source: Source, tile: Tile) -> bytes:
    """A tile; the full one where the part is not kept any more (tlog-tiles, "Partial Tiles")."""
    raw = source.get(tile.path)
    if raw is None and tile.width < WIDTH:
        raw = source.get(Tile(tile.level, tile.index).path)
    if raw is None:
        raise BadRecord("it is missing")
    return raw


def _read(source: Source, path: str) -> bytes:
    raw = source.get(path)
    if raw is None:
        raise BadInput(f"there is no file '{path}'")
    return raw
