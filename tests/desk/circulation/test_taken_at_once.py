"""Two counters that want the same item at the same moment: each is told what one after the other would have given."""

from __future__ import annotations

import asyncio

from desk.circulation.check_out import CheckOut
from desk.desk import Desk
from desk.errors import Refused
from tests.builders import House, Person, Thing, another_counter

ATTEMPTS = 25


async def wanted_by(desk: Desk, house: House, thing: Thing, person: Person) -> str:
    """Lend what may be on loan already, taking it back first; gives the reasons why not, in their order."""
    command = CheckOut(
        command_id=house.new_id(),
        who=house.who(),
        at=house.clock(),
        item_id=thing.item_id,
        borrower_id=person.borrower_id,
        card_id=person.card_id,
        visit="besøg",
        return_first=True,
    )
    try:
        await desk.do(command)
    except Refused as refused:
        return " ".join(sorted(refused.codes))
    return "lent"


async def test_who_loses_a_book_at_the_limit_while_asking_for_it_is_not_told_of_the_limit(house: House) -> None:
    house.limit(1)
    with another_counter(house) as other:
        for _attempt in range(ATTEMPTS):
            thing, holder, next_one = house.item(), house.borrower(), house.borrower()
            await house.lend(thing, holder)
            asked, taken = await asyncio.gather(
                wanted_by(house.desk, house, thing, holder), wanted_by(other, house, thing, next_one)
            )
            assert taken == "lent"
            # Before the other: it is theirs already. After the other: it is out of their loans, so it can be lent.
            assert asked in {"already_theirs", "already_theirs limit", "lent"}
