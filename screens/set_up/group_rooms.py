"""The rooms of who may borrow what (R1): lending rules, borrower groups, material groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from desk.set_up.changes import BorrowerGroupChange, Change, LendingRuleChange, MaterialGroupChange
from desk.set_up.records import (
    BorrowerGroupRecord,
    BorrowerGroupValues,
    MaterialGroupRecord,
    MaterialGroupValues,
    RuleRecord,
    RuleValues,
    SetUpRecord,
)
from desk.texts import N_, _
from desk.wording import number
from screens.set_up.asking import Asking, Field
from screens.set_up.room import TableRoom
from screens.set_up.value_words import label, value

NO_RULE = RuleValues(30, 2, True, True)


class RulesRoom(TableRoom):
    """Borrower groups × material groups."""

    TAB: ClassVar[tuple[str, str]] = ("1", N_("Lending rules"))
    HEADINGS: ClassVar[tuple[str, ...]] = (
        N_("Borrower group"),
        N_("Material group"),
        N_("Loan days"),
        N_("Renewals"),
        N_("Reservable"),
        N_("Loan limit"),
    )
    GIVES_WAY: ClassVar[tuple[int, ...]] = (1, 0)

    def explained(self) -> str:
        """Say what is decided here."""
        return _("How long and how often a group borrows materials of a kind.")

    def lines(self, decided: SetUpRecord) -> list[tuple[RuleRecord, Sequence[str]]]:
        """Give a row for each pair."""
        borrowers = {one.group_id: one.values.name for one in decided.borrower_groups}
        materials = {one.group_id: one.values.name for one in decided.material_groups}
        return [
            (rule, (borrowers[rule.borrower_group_id], materials[rule.material_group_id], *_rule_cells(rule.values)))
            for rule in decided.rules
        ]

    def edit(self, thing: RuleRecord) -> Asking:
        """Ask for a rule."""
        now = thing.values or NO_RULE
        names = ("loan_days", "renewals")
        fields = (
            *(Field(name, label(name), "whole", getattr(now, name), 7) for name in names),
            *(Field(name, label(name), "yes_no", getattr(now, name), 1) for name in ("renewable", "reservable")),
            Field("loan_limit", label("loan_limit"), "whole_or_none", now.loan_limit, 7),
        )

        def change(values: Mapping[str, Any]) -> Change:
            return LendingRuleChange(
                thing.borrower_group_id, thing.material_group_id, thing.values, RuleValues(**values)
            )

        cells = next(cells for rule, cells in self.lines(self._decided) if rule == thing)
        return Asking(f"{cells[0]} × {cells[1]}", fields, change, _("Limit empty: only the borrower group's own."))

    @property
    def _decided(self) -> SetUpRecord:
        assert self.decided is not None  # noqa: S101  (rows are there only once it has been shown)
        return self.decided


def _rule_cells(values: RuleValues | None) -> tuple[str, ...]:
    if values is None:
        return (value("loan_days", None), "", "", "")
    renewals = value("renewals", values.renewals) if values.renewable else value("renewable", False)
    limit = "" if values.loan_limit is None else value("loan_limit", values.loan_limit)
    return (str(values.loan_days), renewals, value("reservable", values.reservable), limit)


class BorrowerGroupsRoom(TableRoom):
    """Borrower groups."""

    TAB: ClassVar[tuple[str, str]] = ("2", N_("Borrower groups"))
    HEADINGS: ClassVar[tuple[str, ...]] = (
        N_("Name"),
        N_("Code"),
        N_("Loan limit"),
        N_("Fees"),
        N_("Notices"),
        N_("Borrowers"),
    )
    GIVES_WAY: ClassVar[tuple[int, ...]] = (0, 1)
    ADDS: ClassVar[bool] = True

    def explained(self) -> str:
        """Say what is decided here."""
        return _("A new group borrows as the one you are on, until its rules are changed.")

    def lines(self, decided: SetUpRecord) -> list[tuple[BorrowerGroupRecord, Sequence[str]]]:
        """Give a row for each group."""
        return [(one, _borrower_group_cells(one)) for one in decided.borrower_groups]

    def edit(self, thing: BorrowerGroupRecord) -> Asking:
        """Ask for a group."""

        def change(values: Mapping[str, Any]) -> Change:
            return BorrowerGroupChange(thing.group_id, thing.values, _borrower_group(values))

        return Asking(_("Borrower group"), _borrower_group_fields(thing.values), change)

    def add(self, thing: BorrowerGroupRecord | None) -> Asking | None:
        """Ask for a new group."""
        if thing is None:
            return None
        title = _("New borrower group, with the lending rules of {name}").format(name=thing.values.name)

        def change(values: Mapping[str, Any]) -> Change:
            return BorrowerGroupChange(None, None, _borrower_group(values), like=thing.group_id)

        return Asking(title, _borrower_group_fields(replace(thing.values, name="")), change)


def _borrower_group_cells(one: BorrowerGroupRecord) -> tuple[str, ...]:
    values = one.values
    fees, notices = value("fees", values.fees), value("notices", values.notices)
    return (values.name, one.code, str(values.loan_limit), fees, notices, number(one.borrowers))


def _borrower_group_fields(values: BorrowerGroupValues) -> tuple[Field, ...]:
    return (
        Field("name", label("name"), "text", values.name),
        Field("loan_limit", label("loan_limit"), "whole", values.loan_limit, 7),
        Field("fees", _("Pays fees"), "yes_no", values.fees == "normal", 1),
        Field("notices", _("Reminders only"), "yes_no", values.notices == "reminders", 1),
    )


def _borrower_group(values: Mapping[str, Any]) -> BorrowerGroupValues:
    return BorrowerGroupValues(
        name=values["name"],
        loan_limit=values["loan_limit"],
        fees="normal" if values["fees"] else "none",
        notices="reminders" if values["notices"] else "all",
    )


class MaterialGroupsRoom(TableRoom):
    """Material groups."""

    TAB: ClassVar[tuple[str, str]] = ("3", N_("Material groups"))
    HEADINGS: ClassVar[tuple[str, ...]] = (N_("Name"), N_("Code"), N_("Age limit"), N_("Items"))
    GIVES_WAY: ClassVar[tuple[int, ...]] = (0, 1)
    ADDS: ClassVar[bool] = True

    def explained(self) -> str:
        """Say what is decided here."""
        return _("A new group is lent as the one you are on, until its rules are changed.")

    def lines(self, decided: SetUpRecord) -> list[tuple[MaterialGroupRecord, Sequence[str]]]:
        """Give a row for each group."""
        return [
            (one, (one.values.name, one.code, value("age_limit", one.values.age_limit), number(one.items)))
            for one in decided.material_groups
        ]

    def edit(self, thing: MaterialGroupRecord) -> Asking:
        """Ask for a group."""

        def change(values: Mapping[str, Any]) -> Change:
            return MaterialGroupChange(thing.group_id, thing.values, MaterialGroupValues(**values))

        return Asking(_("Material group"), _material_group_fields(thing.values), change, _for_all())

    def add(self, thing: MaterialGroupRecord | None) -> Asking | None:
        """Ask for a new group."""
        if thing is None:
            return None
        title = _("New material group, with the lending rules of {name}").format(name=thing.values.name)

        def change(values: Mapping[str, Any]) -> Change:
            return MaterialGroupChange(None, None, MaterialGroupValues(**values), like=thing.group_id)

        return Asking(title, _material_group_fields(replace(thing.values, name="")), change, _for_all())


def _for_all() -> str:
    return _("Age limit empty: for all.")


def _material_group_fields(values: MaterialGroupValues) -> tuple[Field, ...]:
    return (
        Field("name", label("name"), "text", values.name),
        Field("age_limit", label("age_limit"), "whole_or_none", values.age_limit, 7),
    )
