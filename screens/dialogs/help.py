"""F1: what the screen one is on is for, and its keys (U2)."""

from __future__ import annotations

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from desk.texts import _
from screens.base import DeskDialog

AROUND = 8
"""Lines of frame, title, keys and the empty ones between."""


class HelpDialog(DeskDialog[None]):
    """A page of text; a key closes it, and does nothing else. Where there is more than fits, arrows scroll."""

    CSS_PATH = "dialogs.tcss"

    pages = getters.query_one("#pages", VerticalScroll)
    keys = getters.query_one("#keys", Static)

    def __init__(self, title: str, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._title, self._lines = title, lines

    def compose(self) -> ComposeResult:
        """Title, lines, and how to get out."""
        with Vertical(classes="dialog -wide"):
            yield Static(self._title, markup=False)
            with VerticalScroll(id="pages", can_focus=False):
                yield Static("\n".join(self._lines), id="lines", markup=False)
            yield Static(_("Any key closes"), id="keys", classes="keys", markup=False)

    def on_resize(self) -> None:
        """Leave room for what is around the text, and say how the rest is reached if there is any."""
        self.pages.styles.max_height = max(self.size.height - AROUND, 1)
        self.call_after_refresh(self._tell_keys)

    def _tell_keys(self) -> None:
        is_more = self.pages.max_scroll_y > 0
        self.keys.update(_("Arrows: more. Any other key closes") if is_more else _("Any key closes"))

    def on_key(self, event: events.Key) -> None:
        """Scroll, or close; and eat the key."""
        event.stop()
        event.prevent_default()
        match event.key:
            case "down" | "pagedown" if self.pages.max_scroll_y:
                self.pages.scroll_page_down(animate=False)
            case "up" | "pageup" if self.pages.max_scroll_y:
                self.pages.scroll_page_up(animate=False)
            case _:
                self.dismiss(None)


def help_for(mode: str) -> tuple[str, tuple[str, ...]]:
    """Give the title and lines that explain a mode."""
    match mode:
        case "check_out":
            return _("F2 Check-out"), (
                _("Scan a library card, then the items. Each item is a line."),
                _("Another card ends the visit and opens the next; Esc ends it."),
                _("Amber: look once. Red: nothing was lent."),
                _("F8 goes to the decisions; there letters answer, and Esc goes back."),
                _("Ctrl+D sets the due date of the loan made last. Ctrl+Z takes the last one back within 5 minutes."),
                _("F5 shows the lists: what is to be fetched, lies ready, is put back, is on its way."),
                _("Ctrl+T finds a title and its copies."),
                _("F10 brings the last borrower back within 2 minutes."),
                _("A card on the reader opens its visit; taken off, it draws the curtain."),
                _("Books on the pad lie there until their lines are here. If a chip did not switch, lay it on again."),
                _("What is unplugged stands above in words. Work goes on without it; it comes back by itself."),
                _("F9 draws the curtain. Ctrl+Q signs off."),
            )
        case "return":
            return _("F3 Return"), (
                _("Scan the items. No borrower is needed, and none is shown."),
                _("Ctrl+O: what comes now lay in the drop-box, and counts from the last open day; once more ends it."),
                _("A library card opens check-out with that borrower."),
                _("«Shelf 34»: somebody waits for it, and has been told. Put it in that place."),
                _("Esc ends the pile and clears the page. Ctrl+Z takes the last one back within 5 minutes."),
                _("Books on the pad lie there until their lines are here. If a chip did not switch, lay it on again."),
                _("PageUp and PageDown turn the pages of the pile."),
            )
        case "finding":
            return _("F4 Find borrower"), (
                _("Type the beginnings of words in any order: «jen an 12 øst» finds Anna Jensen, Østergade 12."),
                _("A birth date in any way, a telephone with or without +45, an e-mail, a card, a lånernummer."),
                _("A CPR number is looked up when it is whole. aa is å, ae is æ, oe is ø."),
                _("Arrows choose, Enter opens: then one letter says why. The search is logged, not what was typed."),
                _("Ctrl+N creates whoever was not found."),
                _("A scan is heard as everywhere, and closes the page when it opens a visit."),
            )
        case "item":
            return _("Item and its copies"), (
                _("Type the beginnings of words of title and author in any order; a barcode or FAUST finds its own."),
                _("Arrows choose, Enter opens: every copy, where it is, and how many wait for the title."),
                _("S sets the status of the chosen copy, with a reason. No names in it: it stays with the copy."),
                _("Claimed returned leaves the loan open until the copy is found or returned."),
                _("R reserves the title for the borrower whose visit is open, E only this copy. L makes a new label."),
                _("V shows who has the copy: one letter says why, and it is logged."),
                _("A scan goes to the counter, and so does this page. Esc goes back."),
            )
        case "sign_up":
            return _("New borrower"), (
                _("Enter goes on, Shift+Tab back; Ctrl+S saves from anywhere."),
                _("Name, address and mobile are enough; the rest is proposed."),
                _("The number is checked by its date. Empty: without a CPR number."),
                _("Ctrl+O opens somebody who is here already."),
                _("What is scanned meanwhile waits for the new borrower."),
                _("A card scanned into the field for one is taken there."),
            )
        case "borrower":
            return _("F4 Borrower"), (
                _("All about one borrower. The figure before a tab goes there; every look and change is logged."),
                _("Loans: Space marks a loan; F renews the marked ones, A all."),
                _("Cards: N hands one out, S stops one, G reopens it, P gives it a new PIN."),
                _("Blocks: B blocks the borrower, K one card, O lifts the chosen one, with a reason."),
                _("Notes: N writes the internal note, L the note to the borrower; an empty one clears it."),
                _("Reservations: R reserves, A cancels the chosen one, S lets it be fetched at another branch."),
                _("Balance: Space marks; B pays, E waives, G writes a fee, T gives back, U pays out, O a statement."),
                _("Messages: Enter shows what one said, S sends again what was not sent, A cancels what waits."),
                _("Details: V shows a masked item, Enter changes the one you are on."),
                _("I hands out the whole record. D registers that the borrower wants to be deleted, or withdraws it."),
                _("Log: for supervisors; Enter shows all of a line, and hides it again."),
                _("Scans go to the counter. Another borrower's card closes the page; Esc does too."),
            )
        case "lists" | "statistics" | "forms":
            return _help_for_lists(mode)
        case "purpose":
            return _("What is it needed for?"), (
                _("Every look at a borrower is logged with its purpose. The borrower has a right to see it."),
                _("The borrower asks: at the counter, by telephone or in writing."),
                _("Follow-up: a loan, a fee or a message has to be looked into."),
                _("Correction: something is held that is wrong."),
                _("Esc: nothing is looked up."),
            )
        case "set_up":
            return _("F7 Set-up"), (
                _("What the library has decided. The figure before a room goes there; Enter changes a row."),
                _("Before it is saved, it is said what the change would do. G saves, R corrects, Esc leaves it."),
                _("Calendar: arrows go by days, PageUp and PageDown by months. L closes days, A opens them,"),
                _("U takes that back, T changes the week, F goes to the next branch."),
                _("Loans due on a day that is closed go to the next open day, and never come back."),
                _("Who changed what stands under 9. Scans go on being handled at the counter."),
            )
        case "till":
            return _("Till"), (
                _("What has been paid at this counter, paid back and paid out, by day."),
                _("K counts the cash and signs: after that no money moves here that day."),
                _("D goes to a day on which nobody closed the till. Esc goes back."),
            )
        case "staff_log":
            return _("Log of a member of staff"), (
                _("Choose somebody; Enter reads what they looked at, the newest first. Esc goes back."),
                _("Enter on a line shows all of it, and hides it again."),
                _("The same work within a minute is one line, ×2 and more. Reading is noted too."),
            )
        case _:
            return _help_for_deletions(mode) if mode.startswith("deletion") else _help_for_sign_in()


def _help_for_deletions(mode: str) -> tuple[str, tuple[str, ...]]:
    if mode == "deletions":
        return _("F6 Deletions"), (
            _("Those who have asked to be deleted, by borrower number. What can be approved stands first."),
            _("The checklist is as it is now. A request is registered on the borrower's page (F4, D)."),
            _("G approves, A rejects: a supervisor, not whoever registered it, by password or card and PIN."),
            _("The borrower is told first; then the rows are deleted, the files cleaned up and the proof made."),
            _("T withdraws a request. U writes the certificate. Enter opens the borrower's page, and is logged."),
            _("Success is told only after the proof. Until then: deleted, proof missing."),
            _("B tries a proof again that failed or is missing, when its cause is gone."),
            _("N opens whoever's note names the borrower by number: nobody else has it, so it must go first."),
        )
    if mode == "deletion_request":
        return _("A borrower wants to be deleted"), (
            _("The request can always be registered. It is carried out when all is returned and paid,"),
            _("and when a supervisor other than you has approved it. Then nothing of the borrower is left."),
            _("Make sure that it is the borrower who asks, and choose how that was seen."),
            _("Until it has been carried out, D withdraws it."),
        )
    return _("How is the borrower told?"), (
        _("After the deletion nobody can be told: there is no address any more."),
        _("B writes a letter to be printed now; it is deleted together with the borrower."),
        _("I sends no message, for instance because the borrower stands at the counter."),
        _("Esc: nothing is deleted yet. G goes on with it later."),
    )


def _help_for_sign_in() -> tuple[str, tuple[str, ...]]:
    return _("Sign-in"), (
        _("Type user name, Tab, password and Enter, or scan a staff card and type its PIN."),
        _("After several wrong tries the account locks; a supervisor unlocks it."),
    )


def _help_for_lists(mode: str) -> tuple[str, tuple[str, ...]]:
    if mode == "statistics":
        return _("Statistics"), (
            _("Figures counted as things happen, without persons. Deleting a borrower changes none."),
            _("The figure before a period goes there. F goes to the next branch, after the last to all."),
            _("Arrows, PageUp and PageDown scroll. Bars under one heading have one scale."),
            _("A figure from 1 to 4 is hidden, and so is one that would tell it by difference."),
            _("What lay in the drop-box counts on the day it is booked on. Undo counts back."),
            _("Scans go to the counter. Esc goes back to the lists."),
        )
    if mode == "forms":
        return _("Forms"), (
            _("What came in from the website, what has waited longest first. After 90 days it is red."),
            _("Enter opens a form and closes it again. Opening is logged."),
            _("K handles it: then it is gone from here and from the folder it came in."),
            _("A reading group's title is reserved for each who fetches, one copy each."),
            _("A suggestion goes on the purchase list without who suggested it."),
            _("A file that was refused stays in the folder until it is mended or deleted there."),
        )
    return _("F5 Lists"), (
        _("The lists of this branch; the figure before one goes there. They name no borrower."),
        _("To fetch: on its shelf here, and somebody waits. Fetch it and scan it at return (F3)."),
        _("Pickup shelf: what lies ready. V shows for whom; it asks why, and is logged."),
        _("Put back: lies on the pickup shelf for nobody any more. Scan it at return."),
        _("In transit: what is on its way, what comes here first. Scan it at return when it comes."),
        _("Not sent: Space marks a message, A all of them; S sends them again, or the one you are on."),
        _("Prints, where there is a printer: U prints again what is marked, X cancels. What is old goes by itself."),
        _("Deleted tonight: what is 30 days old, counted from the last fee where there was one."),
        _("Scans go to the counter; what became of the last one stands below the list. Esc closes."),
        _("F shows the forms from the website. N subscribes an address to the newsletter, or takes it off."),
        _("T shows the statistics: loans, returns and renewals by day and by hour."),
    )
