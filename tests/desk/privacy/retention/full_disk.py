"""A run whose disk is full: ``python -m tests.desk.privacy.retention.full_disk FOLDER`` tells what became of it.

The system itself refuses the writes: as much of a full disk as a test can have without being root.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from pathlib import Path

from db.models import Message
from desk.errors import DeskError
from tests.builders import a_house
from tests.forgetting import Forgetting

MESSAGES = 600


async def attempt(folder: Path) -> None:
    """Run until there is no room, look what is left, then run with room again."""
    with a_house(f"sqlcipher://{folder}/store.db") as house:
        forgetting = Forgetting(house, folder)
        first = forgetting.message(0)
        house.store.write_here(
            lambda transaction: transaction.run_many(
                "INSERT INTO message (borrower_id, kind, channel, cause, language, facts, subject, body, created_at,"
                " state, tries, problem, sent_at, message_id) SELECT borrower_id, kind, channel, ?, language, facts,"
                " subject, ?, created_at, state, tries, problem, sent_at, ? FROM message WHERE id = ?",
                [(f"c{number}", "x" * 3000, f"m{number}", first) for number in range(MESSAGES)],
            )
        )
        tell("before", len(forgetting.there(Message)))
        house.store._database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        room = (folder / "store.db").stat().st_size * 3 // 5
        # The signal would end the program before the error is seen.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        try:
            await forgetting.run(30)
        except DeskError as error:
            tell("run", type(error).__name__)
        left = len(forgetting.there(Message))
        tell("left", left)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        tell("looked", len((await forgetting.doomed(30)).get("message", ())))
        await forgetting.run(30, hour=9)
        tell("again", len(forgetting.there(Message)))
        tell("damage", len(house.store.damage()))


def tell(what: str, said: object) -> None:
    """Write one word and what it says."""
    sys.stdout.write(f"{what}:{said}\n")


if __name__ == "__main__":
    asyncio.run(attempt(Path(sys.argv[1])))
