"""The desk against a plain reference, several counters at once, whatever is done in whatever order (Hypothesis)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from peewee import IntegrityError

from db.models import Block, CommandRecord, Fee, Item, Loan, LoanOccasion, Override
from db.store import Transaction
from desk.borrowers.commands import LiftBlock, SetBlock
from desk.circulation.commands import CheckOut, Renew, Return, SetAside
from desk.command import Command
from desk.desk import Desk
from desk.errors import NotFound, Refused, StoreIsBusy
from tests.builders import TUESDAY, Clock, House, Person, Thing, a_house, another_counter
from tests.desk.reference import Outcome, Reference

COUNTERS = 3
FEES = Fee.select(Fee.borrower, Fee.amount_ore)
LIMIT = 2
BORN = (date(1980, 5, 17), date(1992, 1, 1), date(2012, 1, 10))
CHILD = 2
MATERIAL = ("standard", "standard", "14dag", "film15", "standard", "standard")
FILM = 3
LOST = 5


# What may happen


@dataclass(frozen=True, slots=True)
class Step:
    """Something done at a counter."""

    counter: int


@dataclass(frozen=True, slots=True)
class Pause(Step):
    """Days go by; none: nothing happens (what a failing example shrinks to)."""

    days: int


@dataclass(frozen=True, slots=True)
class Lend(Step):
    borrower: int
    item: int
    return_first: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack(Step):
    item: int


@dataclass(frozen=True, slots=True)
class RenewIt(Step):
    borrower: int
    item: int


@dataclass(frozen=True, slots=True)
class RenewOneOf(Step):
    """One of the open loans is renewed, whosever it is."""

    number: int


@dataclass(frozen=True, slots=True)
class BlockIt(Step):
    borrower: int
    kind: str
    days: int | None


@dataclass(frozen=True, slots=True)
class LiftIt(Step):
    number: int


@dataclass(frozen=True, slots=True)
class OverrideIt(Step):
    borrower: int
    item: int
    code: str


@dataclass(frozen=True, slots=True)
class NewVisit(Step):
    borrower: int


@dataclass(frozen=True, slots=True)
class Again(Step):
    """The last command comes once more, at this counter: a replay."""


@dataclass(frozen=True, slots=True)
class OldNews(Step):
    """A counter writes a second loan of what is out, as if its look-up were old: the schema is the last guard."""

    borrower: int
    number: int


@dataclass(frozen=True, slots=True)
class Together(Step):
    """Two counters do something at the same moment."""

    here: Step
    there: Step


COUNTER = st.integers(0, COUNTERS - 1)
BORROWER = st.integers(0, len(BORN) - 1)
ITEM = st.integers(0, len(MATERIAL) - 1)
NUMBER = st.integers(0, 9)
CODES = st.sampled_from(["limit", "age", "block_U", "block_E"])
LENDING = st.builds(Lend, COUNTER, BORROWER, ITEM, st.booleans())
LOANS_CHANGE: tuple[st.SearchStrategy[Step], ...] = (
    LENDING,
    st.builds(Lend, COUNTER, BORROWER, ITEM),
    st.builds(TakeBack, COUNTER, ITEM),
    st.builds(RenewOneOf, COUNTER, NUMBER),
)
COMMANDS: st.SearchStrategy[Step] = st.one_of(
    *LOANS_CHANGE,
    *LOANS_CHANGE,
    st.builds(Lend, COUNTER, st.just(CHILD), st.just(FILM)),
    st.builds(RenewIt, COUNTER, BORROWER, ITEM),
    st.builds(BlockIt, COUNTER, BORROWER, st.sampled_from("OUFSWED"), st.one_of(st.none(), st.integers(0, 3))),
    st.builds(LiftIt, COUNTER, NUMBER),
    st.builds(OverrideIt, COUNTER, BORROWER, ITEM, CODES),
)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Pause, COUNTER, st.integers(0, 12)),
    COMMANDS,
    COMMANDS,
    st.builds(Together, COUNTER, COMMANDS, COMMANDS),
    st.builds(Together, COUNTER, LENDING, LENDING),
    st.builds(NewVisit, COUNTER, BORROWER),
    st.builds(Again, COUNTER),
    st.builds(OldNews, COUNTER, BORROWER, NUMBER),
)
THIRTY_STEPS = st.lists(STEPS, min_size=30, max_size=30)


class World:
    """A library with several counters, and what the reference holds it to be."""

    def __init__(self, house: House, desks: list[Desk]) -> None:
        self.house = house
        self.desks = desks
        house.limit(LIMIT)
        self.people: list[Person] = [house.borrower(born=born) for born in BORN]
        self.things: list[Thing] = [house.item(group=group) for group in MATERIAL]
        self.runner = asyncio.Runner()
        self.commands = 0

    def begin(self) -> None:
        """Forget everything that happened: the next example starts from the first day."""
        self.house.clock.now = TUESDAY

        def wipe(transaction: Transaction) -> None:
            for table in (Fee, Loan, LoanOccasion, Override, Block, CommandRecord):
                transaction.run(table.delete())
            transaction.run(Item.update(status="available"))
            transaction.run(Item.update(status="lost").where(Item.id == self.things[LOST].item_id))

        self.house.store.write_here(wipe)
        status = dict.fromkeys(range(len(MATERIAL)), "available") | {LOST: "lost"}
        self.reference = Reference(MATERIAL, status, BORN, LIMIT, date(2026, 3, 10))
        self.block_ids: list[int] = []
        self.row_of: dict[str, int] = {}
        self.recorded: list[tuple[str, frozenset[str]]] = []
        self.last: tuple[Step, Command[Any], Outcome] | None = None

    def take(self, step: Step) -> None:
        """Do a step with the desk and with the reference, and compare what each says and is afterwards."""
        match step:
            case Pause(days=days):
                self.house.clock.forward(days=days)
                self.reference.today += timedelta(days=days)
            case NewVisit(borrower=borrower):
                self.reference.visits[borrower] = self.reference.visit(borrower) + 1
            case Again() if self.last is not None:
                done, command, outcome = self.last
                assert self.same(self.run(replace(done, counter=step.counter), command), outcome)
            case OldNews(borrower=borrower, number=number) if self.reference.loans:
                self.lend_unseen(step.counter, borrower, self.one_on_loan(number))
            case Together(here=here, there=there):
                self.together(self.meant(replace(here, counter=0)), self.meant(replace(there, counter=1)))
            case Again() | OldNews():
                pass
            case _:
                meant = self.meant(step)
                if meant is not None:
                    self.one(meant)
        self.compare()

    def one_on_loan(self, number: int) -> int:
        """Pick an item that is on loan."""
        return sorted(self.reference.loans)[number % len(self.reference.loans)]

    def meant(self, step: Step) -> Step | None:
        """Say which loan or block a step means now; None: there is none."""
        match step:
            case RenewOneOf(counter=counter, number=number):
                if not self.reference.loans:
                    return None
                item = self.one_on_loan(number)
                return RenewIt(counter, self.reference.loans[item].borrower, item)
            case LiftIt(number=number):
                return replace(step, number=number % len(self.block_ids)) if self.block_ids else None
        return step

    def one(self, step: Step) -> None:
        """Do one command."""
        command = self.worded(step)
        outcome = self.run(step, command)
        assert outcome == said(self.reference, step), step
        self.note(step, command, outcome)

    def together(self, *meant: Step | None) -> None:
        """Do two commands at the same moment: what came out must be what one after the other would have given."""
        steps = tuple(step for step in meant if step is not None)
        if len(steps) < 2:
            return
        commands = [self.worded(step) for step in steps]
        outcomes = self.runner.run(self.at_once(steps, commands))
        before = self.reference
        for first, second in ((0, 1), (1, 0)):
            reference = deepcopy(before)
            if all(said(reference, steps[turn]) == outcomes[turn] for turn in (first, second)):
                self.reference = reference
                if self.reference_agrees():
                    break
        else:
            raise AssertionError(f"{steps} gave {outcomes}, which neither order gives")
        for turn in (first, second):
            self.note(steps[turn], commands[turn], outcomes[turn])

    def reference_agrees(self) -> bool:
        """Tell whether the rows are what this order leaves (both orders may say the same and leave different rows)."""
        try:
            self.compare_loans()
        except AssertionError:
            return False
        return True

    async def at_once(self, steps: tuple[Step, ...], commands: list[Command[Any]]) -> list[Outcome]:
        """Send commands to counters at the same moment; each has a thread and a connection of its own."""
        return list(await asyncio.gather(*(self.outcome_of(s, c) for s, c in zip(steps, commands, strict=True))))

    def run(self, step: Step, command: Command[Any]) -> Outcome:
        """Send one command to its counter."""
        return self.runner.run(self.outcome_of(step, command))

    async def outcome_of(self, step: Step, command: Command[Any]) -> Outcome:
        """Carry out a command, again while another counter is in its way, and say what came out of it."""
        for _attempt in range(50):
            try:
                answer = await self.desks[step.counter].do(command)
            except StoreIsBusy:
                continue
            except Refused as refused:
                return ("refused", frozenset(refused.codes))
            except NotFound:
                return ("not_found",)
            match step:
                case Lend():
                    return ("lent", answer.due_on)
                case TakeBack():
                    return ("returned", answer.loan_id is not None, answer.days_overdue)
                case RenewIt():
                    return ("renewed", answer.due_on, answer.renewals)
                case BlockIt():
                    self.row_of[command.command_id] = answer.row_id
            return ("done",)
        raise AssertionError(f"{step} never got its turn")

    def same(self, again: Outcome, first: Outcome) -> bool:
        """Tell whether a replay gave the first answer. What has changed since may show in it, but not its kind."""
        return (
            again == first
            or again[0] == first[0] == "lent"
            or (again[0], first[0]) == ("not_found", "renewed")
            or (again[0] == first[0] == "renewed")
        )

    def note(self, step: Step, command: Command[Any], outcome: Outcome) -> None:
        """Remember what must be on record."""
        self.last = (step, command, outcome)
        if outcome[0] == "not_found":
            self.last = None
            return
        if isinstance(step, BlockIt):
            self.block_ids.append(self.row_of[command.command_id])
        codes = outcome[1] if outcome[0] == "refused" else frozenset()
        assert isinstance(codes, frozenset)
        self.recorded.append((command.command_id, codes))

    def worded(self, step: Step) -> Command[Any]:
        """Word a step as a command."""
        self.commands += 1
        usual: dict[str, Any] = {
            "command_id": f"c{self.commands}",
            "who": self.house.who(),
            "at": self.house.clock(),
        }
        match step:
            case Lend(borrower=borrower, item=item, return_first=return_first):
                return CheckOut(**usual, **self.visitor(borrower), item_id=self.item(item), return_first=return_first)
            case TakeBack(item=item):
                return Return(**usual, item_id=self.item(item))
            case RenewIt(borrower=borrower, item=item):
                return Renew(**usual, **self.visitor(borrower), loan_id=self.open_loan(item))
            case BlockIt(borrower=borrower, kind=kind, days=days):
                ends_on = None if days is None else self.reference.today + timedelta(days=days)
                borrower_id = self.people[borrower].borrower_id
                return SetBlock(**usual, borrower_id=borrower_id, kind=kind, reason="støj", ends_on=ends_on)
            case LiftIt(number=number):
                # F and D take a supervisor, who may lift the others too.
                usual["who"] = self.house.who("supervisor")
                block_id = self.block_ids[number]
                borrower_id = self.house.value(Block.select(Block.borrower).where(Block.id == block_id))
                return LiftBlock(**usual, borrower_id=borrower_id, block_id=block_id, reason="betalt")
            case OverrideIt(borrower=borrower, item=item, code=code):
                visitor = self.visitor(borrower)
                del visitor["card_id"]
                usual["who"] = self.house.who("supervisor")
                return SetAside(
                    **usual, **visitor, refusals=(code,), item_id=self.item(item), asked_by=None, reason="aftalt"
                )
        raise AssertionError(step)

    def item(self, number: int) -> int:
        return self.things[number].item_id

    def visitor(self, borrower: int) -> dict[str, Any]:
        person = self.people[borrower]
        visit = f"{borrower}-{self.reference.visit(borrower)}"
        return {"borrower_id": person.borrower_id, "card_id": person.card_id, "visit": visit}

    def open_loan(self, item: int) -> int:
        loan_id = self.house.value(
            Loan.select(Loan.id).where((Loan.item == self.item(item)) & Loan.returned_at.is_null())
        )
        return int(loan_id or 0)

    def lend_unseen(self, counter: int, borrower: int, item: int) -> None:
        """Write a second open loan past every rule: only the schema stands in the way."""

        def insert(transaction: Transaction) -> None:
            today = self.reference.today
            visitor = self.people[borrower].borrower_id
            occasion = transaction.run(LoanOccasion.insert(borrower=visitor, visit="old news", due_on=today))
            transaction.run(
                Loan.insert(
                    item=self.item(item), borrower=visitor, occasion=occasion, lent_at=self.house.clock(), due_on=today
                )
            )

        with pytest.raises(IntegrityError):
            self.desks[counter]._store.write_here(insert)

    # What must be so after every step

    def compare(self) -> None:
        """Compare loans, statuses, limits and records with the reference."""
        self.compare_loans()
        self.compare_limits()
        records = self.house.rows(CommandRecord.select(CommandRecord.command_id, CommandRecord.refusals))
        assert {(number, frozenset(codes.split())) for number, codes in records} == set(self.recorded)
        assert len(records) == len(self.recorded)

    def compare_loans(self) -> None:
        """Compare open loans and item statuses; one open loan an item."""
        item_number = {thing.item_id: number for number, thing in enumerate(self.things)}
        borrower_number = {person.borrower_id: number for number, person in enumerate(self.people)}
        columns = (Loan.item, Loan.borrower, Loan.due_on, Loan.renewals)
        rows = self.house.rows(Loan.select(*columns).where(Loan.returned_at.is_null()))
        loans = {item_number[item]: (borrower_number[by], due, renewals) for item, by, due, renewals in rows}
        assert len(loans) == len(rows)
        expected = {item: (loan.borrower, loan.due, loan.renewals) for item, loan in self.reference.loans.items()}
        assert loans == expected
        statuses = {item_number[item]: status for item, status in self.house.rows(Item.select(Item.id, Item.status))}
        assert statuses == self.reference.status
        assert {item for item, status in statuses.items() if status == "on_loan"} == set(loans)
        charged = sorted((borrower_number[by], amount) for by, amount in self.house.rows(FEES))
        assert charged == sorted((by, amount) for (by, *_rest), amount in self.reference.fees.items())

    def compare_limits(self) -> None:
        """Nobody has more than the limit unless a supervisor once set it aside."""
        for borrower in range(len(BORN)):
            overridden = any(by == borrower and code == "limit" for by, _, code, _ in self.reference.aside)
            assert self.reference.theirs(borrower) <= LIMIT or overridden


def said(reference: Reference, step: Step) -> Outcome:
    """Do a step with the reference and give what it says."""
    match step:
        case Lend(borrower=borrower, item=item, return_first=return_first):
            return reference.lend(borrower, item, return_first)
        case TakeBack(item=item):
            return reference.take_back(item)
        case RenewIt(borrower=borrower, item=item):
            return reference.renew(borrower, item)
        case BlockIt(borrower=borrower, kind=kind, days=days):
            return reference.block(borrower, kind, days)
        case LiftIt(number=number):
            return reference.lift(number)
        case OverrideIt(borrower=borrower, item=item, code=code):
            return reference.override(borrower, item, code)
    raise AssertionError(step)


@contextmanager
def a_world(url: str) -> Iterator[World]:
    """Build a library with several counters, each a store of its own."""
    with a_house(url, Clock()) as house, ExitStack() as counters:
        desks = [counters.enter_context(another_counter(house)) for _ in range(COUNTERS)]
        world = World(house, desks)
        with world.runner:
            yield world


def campaign(world: World, examples: int, *phases: Phase) -> Callable[[], None]:
    """Run many examples of thirty steps in one world."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=phases or tuple(Phase),
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=THIRTY_STEPS)
    def examples_of_thirty_steps(steps: list[Step]) -> None:
        world.begin()
        for step in steps:
            world.take(step)

    run: Callable[[], None] = examples_of_thirty_steps
    return run


EXAMPLES = {"sqlcipher": 500, "postgresql": 100}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_is_done_the_desk_says_and_keeps_what_the_reference_does(store_url: str) -> None:
    with a_world(store_url) as world:
        campaign(world, EXAMPLES[store_url.partition(":")[0]])()


def test_without_the_index_of_open_loans_the_campaign_fails(store_url: str) -> None:
    with a_world(store_url) as world:
        world.house.store.write_here(lambda transaction: transaction.run_many("DROP INDEX loan_open_item", [()]))
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            campaign(world, 100, Phase.generate)()
