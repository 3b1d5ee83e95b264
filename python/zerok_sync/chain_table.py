"""The chains of all senders: what was accepted, what their stubs say, and where they forked. EN-08, EN-21 to EN-23."""

from __future__ import annotations

import sqlite3

from .chain import ChainLink
from .envelope import CheckedEnvelope, CheckedStub, Head
from .limits import EVIDENCE_ITEMS_MAX
from .wire.messages import SequenceRange, Stub


class ChainTable:
    """Every query goes through an index, but those of missing()."""

    def __init__(self, db: sqlite3.Connection, slot: int) -> None:
        self._db, self._slot = db, slot

    def head(self, sender: bytes) -> Head:
        row = self._db.execute(
            "SELECT sequence, hash FROM chain WHERE slot = ? AND sender = ? ORDER BY sequence DESC LIMIT 1",
            (self._slot, sender),
        ).fetchone()
        return Head(*row) if row else Head()

    def senders(self) -> list[bytes]:
        query = "SELECT DISTINCT sender FROM chain WHERE slot = ? ORDER BY sender"
        return [sender for (sender,) in self._db.execute(query, (self._slot,))]

    def stubs(self, sender: bytes, through: int) -> list[Stub]:
        """Stubs of the accepted envelopes up to a sequence, the highest first; at most 64."""
        rows = self._db.execute(
            "SELECT stub FROM chain WHERE slot = ? AND sender = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 64",
            (self._slot, sender, through),
        )
        return [Stub.decode(stub) for (stub,) in rows]

    def accepted(self, sender: bytes, sequence: int) -> tuple[bytes, Stub] | None:
        """Returns H and the stub of the accepted envelope in that place."""
        row = self._db.execute(
            "SELECT hash, stub FROM chain WHERE slot = ? AND sender = ? AND sequence = ? AND NOT taken_over",
            (self._slot, sender, sequence),
        ).fetchone()
        return None if row is None else (row[0], Stub.decode(row[1]))

    def accepted_hash(self, sender: bytes, sequence: int) -> bytes | None:
        known = self.accepted(sender, sequence)
        return None if known is None else known[0]

    def accepted_around(self, sender: bytes, sequence: int) -> dict[int, ChainLink]:
        """Returns the accepted envelopes in that place and in the two beside it."""
        rows = self._db.execute(
            "SELECT sequence, hash, previous FROM chain WHERE slot = ? AND sender = ? AND sequence BETWEEN ? AND ?"
            " AND NOT (sequence = ? AND taken_over)",
            (self._slot, sender, sequence - 1, sequence + 1, sequence),
        )
        return {number: ChainLink(name, previous) for number, name, previous in rows}

    def vouches(self, sender: bytes, sequence: int, name: bytes) -> bool:
        """True if an accepted or held envelope names this one as the one before it. EN-30, EN-31."""
        place = (self._slot, sender, sequence + 1, name)
        query = "SELECT 1 FROM {} WHERE slot = ? AND sender = ? AND sequence = ? AND previous = ?"
        return any(self._db.execute(query.format(table), place).fetchone() for table in ("chain", "held"))

    def add(self, checked: CheckedEnvelope | CheckedStub) -> None:
        """Adds an accepted envelope, or the place of a stub that is taken over without its envelope. CL-21."""
        header = checked.header
        self._db.execute(
            "INSERT OR REPLACE INTO chain(slot, sender, sequence, hash, previous, stub, taken_over)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self._slot,
                header.sender_key,
                header.sequence,
                checked.hash,
                header.previous,
                checked.stub.encode(),
                isinstance(checked, CheckedStub),
            ),
        )

    def remove(self, sender: bytes, sequence: int) -> None:
        self._db.execute(
            "DELETE FROM chain WHERE slot = ? AND sender = ? AND sequence = ?", (self._slot, sender, sequence)
        )

    # --- stubs of heads that others named

    def add_stub(self, checked: CheckedStub, of_welcome: bool) -> None:
        """Keeps a stub that verified: an envelope in its place with another H is a fork. PA-12, EN-23."""
        header = checked.header
        self._db.execute(
            "INSERT OR IGNORE INTO stubs(slot, sender, sequence, hash, stub, of_welcome) VALUES (?, ?, ?, ?, ?, ?)",
            (self._slot, header.sender_key, header.sequence, checked.hash, checked.stub.encode(), of_welcome),
        )

    def stub(self, sender: bytes, sequence: int) -> tuple[bytes, Stub] | None:
        """Returns H and the stub that verified for that place."""
        row = self._db.execute(
            "SELECT hash, stub FROM stubs WHERE slot = ? AND sender = ? AND sequence = ?",
            (self._slot, sender, sequence),
        ).fetchone()
        return None if row is None else (row[0], Stub.decode(row[1]))

    def stubs_of_welcome(self) -> list[tuple[bytes, int, bytes]]:
        """Returns (sender, sequence, H)."""
        query = "SELECT sender, sequence, hash FROM stubs WHERE slot = ? AND of_welcome"
        return self._db.execute(query, (self._slot,)).fetchall()

    def highest_stub(self, sender: bytes) -> Stub | None:
        row = self._db.execute(
            "SELECT stub FROM stubs WHERE slot = ? AND sender = ? ORDER BY sequence DESC LIMIT 1", (self._slot, sender)
        ).fetchone()
        return None if row is None else Stub.decode(row[0])

    # --- forks

    def add_evidence(self, sender: bytes, sequence: int, first: Stub, second: Stub, name: bytes) -> bool:
        """Keeps the two stubs of a fork, `name` being H of the second. False when it is there, or too many are."""
        query = "SELECT COUNT(*) FROM evidence WHERE slot = ? AND sender = ?"
        (count,) = self._db.execute(query, (self._slot, sender)).fetchone()
        if count >= EVIDENCE_ITEMS_MAX:
            return False
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO evidence(slot, sender, sequence, hash, first, second) VALUES (?, ?, ?, ?, ?, ?)",
            (self._slot, sender, sequence, name, first.encode(), second.encode()),
        )
        return cursor.rowcount > 0

    # --- what never comes, and what is missing

    def add_skipped(self, sender: bytes, ranges: list[SequenceRange]) -> None:
        """EN-29."""
        rows = [(self._slot, sender, one.from_, one.to) for one in ranges]
        self._db.executemany("INSERT OR IGNORE INTO skipped(slot, sender, first, last) VALUES (?, ?, ?, ?)", rows)

    def missing(self) -> dict[bytes, list[tuple[int, int]]]:
        """Sequences, both ends included, up to the highest known of each sender, that were neither accepted nor
        skipped. CL-14."""
        marks = self._db.execute(
            "SELECT sender, sequence, sequence FROM chain WHERE slot = ? AND NOT taken_over"
            " UNION ALL SELECT sender, first, last FROM skipped WHERE slot = ?"
            " UNION ALL SELECT sender, sequence + 1, sequence FROM stubs WHERE slot = ? ORDER BY 1, 2",
            (self._slot, self._slot, self._slot),
        )
        missing: dict[bytes, list[tuple[int, int]]] = {}
        through: dict[bytes, int] = {}
        for sender, first, last in marks:
            reached = through.get(sender, 0)
            if first > reached + 1:
                missing.setdefault(sender, []).append((reached + 1, first - 1))
            through[sender] = max(reached, first - 1, last)
        return missing
