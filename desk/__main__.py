"""The program ``desk``: the one place that wires store, desk, devices and screens together."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from db.queue import Queue
    from desk.counter.taking_up import LeftInQueue
    from desk.counter.work import CounterWork
    from desk.installation import CounterPlace, Installation
    from desk.settings import ReaderSettings, Settings
    from devices.printer_lines import PrinterLine
    from devices.tag_pad import PadPoller, TagPad
    from devices.virtual_lines import Twin
    from screens.app import DeskApp


def start_counter(home: Path, hint: str = "", *, with_virtual_devices: bool = False) -> int:
    """Run the counter on this terminal until somebody leaves it.

    Args:
        home: an installed home.
        hint: what the sign-in screen says below its fields (the demo: whom to sign in as).
        with_virtual_devices: also listen to the virtual scanner, reader and pad (V2).

    Returns:
        The exit code.

    Raises:
        DeskError: the home cannot be opened; nothing has been shown yet.
    """
    # Imported when the counter is what starts: the arguments decide which drivers are needed (see db.drivers).
    import asyncio  # noqa: PLC0415

    from desk import texts  # noqa: PLC0415
    from desk.installation import now, open_installation  # noqa: PLC0415
    from desk.logs import log_to  # noqa: PLC0415
    from desk.privacy.access_report.expiry import delete_old_reports  # noqa: PLC0415
    from desk.privacy.erasure.at_start import is_cut_short  # noqa: PLC0415
    from desk.spool.spool import delete_old_jobs  # noqa: PLC0415

    if is_cut_short(home):
        from desk.cli.erasure import end_what_was_cut_short  # noqa: PLC0415  (only after a program was killed)

        end_what_was_cut_short(home)
    with open_installation(home) as installation:
        log_to(home)
        delete_old_reports(home, now())
        delete_old_jobs(home, now(), installation.settings.printer.keep_days)
        texts.use(installation.settings.language.default)
        from screens.app import DeskApp  # noqa: PLC0415  (200 ms that a refused home need not wait for)

        with ExitStack() as at_end:
            queue = installation.claim_queue()
            at_end.callback(queue.close)
            has_tags = with_virtual_devices or _reads_tags(installation.settings)
            place, library, isils, faulty, left = asyncio.run(_surroundings(installation, queue, has_tags=has_tags))

            def counter_work() -> CounterWork:
                work = installation.counter_work(queue=queue)
                at_end.callback(work.close)
                work.go_on_from(left)
                return work

            app = DeskApp(installation, place, library, counter_work, hint)
            app.catches_up = True
            app.warning = " ".join(filter(None, (_open_twice(installation, place), faulty)))
            app.plug_in_devices = partial(_plug_in_devices, app, isils, is_demo=with_virtual_devices)
            return app.run() or app.return_code or 0


def _reads_tags(settings: Settings) -> bool:
    return settings.pad.kind != "none" or settings.reader.kind == "pcsc"


def _plug_in_devices(app: DeskApp, isils: tuple[str, ...], *, is_demo: bool) -> None:
    """Give the app what this counter has; called behind the first page, which none of it may keep from being painted.

    Args:
        app: the counter.
        isils: the library's own, where tags are read.
        is_demo: reader, scanner and pad are virtual ones, whatever the settings say.
    """
    settings = app.installation.settings
    twins: dict[str, Twin] = {}
    if is_demo or settings.pad.kind != "none":
        _plug_in_pad(app, isils, twins, is_virtual=is_demo)
    if not is_demo and settings.reader.kind == "pcsc":
        _plug_in_readers(app, isils, settings.reader)
    _plug_in_printer(app, app.installation, twins)
    if is_demo or twins:
        _plug_in_virtual_devices(app, twins, is_demo=is_demo)


def _plug_in_virtual_devices(app: DeskApp, twins: dict[str, Twin], *, is_demo: bool) -> None:
    """Let the app start and stop the virtual scanner and reader; without them it works on (V3).

    Args:
        app: the counter.
        twins: the other virtual devices, which are told over the same socket.
        is_demo: a key opens the panel that stands for the hands at the counter.
    """
    from devices.messages import DeviceChanged  # noqa: PLC0415  (only demo and training have them)
    from devices.virtual import VirtualDevices, VirtualError  # noqa: PLC0415

    devices = VirtualDevices(app.installation.home, twins)

    def start() -> None:
        try:
            devices.start(app.call_from_device)
        except VirtualError:
            app.call_from_device(DeviceChanged("reader", "missing"))

    app.plug_in(start, devices.close)
    if is_demo:
        app.offer_twins(lambda line: devices.tell(line, app.call_from_device))


def _plug_in_pad(app: DeskApp, isils: tuple[str, ...], twins: dict[str, Twin], *, is_virtual: bool) -> None:
    """Let the app start and stop reading a pad.

    Args:
        app: the counter.
        isils: the library's own.
        twins: a virtual pad is added to them.
        is_virtual: it is one whatever the settings say.
    """
    from devices.tag_pad import PadPoller  # noqa: PLC0415  (only where there is one)

    settings = app.installation.settings.pad
    pad: TagPad
    if is_virtual or settings.kind == "virtual":
        from devices.virtual_pad import VirtualPad  # noqa: PLC0415

        pad = twins["pad"] = VirtualPad(isils[0].replace("-", "", 1) if isils else "")
    else:
        from devices.feig_pad import FeigPad  # noqa: PLC0415

        pad = FeigPad(settings.port)
    poller = PadPoller(pad)

    def start() -> None:
        _hear_tags(app, isils, poller)
        poller.start(app.call_from_device)

    app.plug_in(start, poller.close)


def _hear_tags(app: DeskApp, isils: tuple[str, ...], writer: PadPoller | None = None) -> None:
    """Let the app take what is said of tags: by the pad, which can write them too, or by a reader beside it."""
    # What their lines say comes with the pages behind the sign-in (Q5).
    from screens.lending.pad import PadAtCounter  # noqa: PLC0415
    from screens.lending.tags import TagsAtCounter  # noqa: PLC0415

    if app.hearing.pad is None:
        app.hearing.pad = PadAtCounter(app, TagsAtCounter(isils, writer))


def _plug_in_readers(app: DeskApp, isils: tuple[str, ...], settings: ReaderSettings) -> None:
    """Let the app start and stop watching the card readers; the pad, where there is one, has been plugged in."""
    from devices.pcsc.roles import ReaderRules, ways_of  # noqa: PLC0415  (only where there is a reader)
    from devices.pcsc.watch import PcscReaders  # noqa: PLC0415

    readers = PcscReaders(ReaderRules(settings.borrowers, settings.items, ways_of(settings.blocks)))

    def start() -> None:
        _hear_tags(app, isils)
        readers.start(app.call_from_device)

    app.plug_in(start, readers.close)


def _open_twice(installation: Installation, place: CounterPlace) -> str:
    """Say that this counter is open on another terminal too: what both do is told, and counted in the till, as one's.

    Known of programs in one home only; those of several homes on one store may bear the same name unseen.
    """
    from desk.texts import _  # noqa: PLC0415

    if not installation.is_second_here:
        return ""
    return _("{counter} is open on another terminal too.").format(counter=place.counter)


def _plug_in_printer(app: DeskApp, installation: Installation, twins: dict[str, Twin]) -> None:
    """Let the app start and stop the receipt printer, where there is one.

    Args:
        app: the counter.
        installation: the opened home.
        twins: a virtual printer is added to them.
    """
    prints, spool = app.at_counter.work.prints, installation.spool()
    if prints is None or spool is None:
        return
    from threading import Thread  # noqa: PLC0415

    from desk.spool.printing import load  # noqa: PLC0415  (only where there is a printer)
    from devices.printer import Printer  # noqa: PLC0415

    settings = installation.settings.printer
    line: PrinterLine
    if settings.kind == "virtual":
        from devices.virtual_printer import VirtualPrinter  # noqa: PLC0415

        line = twins["printer"] = VirtualPrinter()
    else:
        from devices.printer_lines import line_to  # noqa: PLC0415

        line = line_to(settings.kind, settings.address)
    printer = Printer(line, spool)
    prints.wake = printer.wake

    def start() -> None:
        Thread(target=load, name="loading-prints", daemon=True).start()
        printer.start(app.call_from_device)

    app.plug_in(start, printer.close)


async def _faulty_templates(installation: Installation) -> str:
    """Say that templates of the library's own cannot be used; where it has none, nothing is read (Q5)."""
    from desk.installation import now  # noqa: PLC0415

    if not (installation.home / "templates").is_dir():
        return ""
    from desk.messages.sending import templates_of  # noqa: PLC0415  (only where somebody has changed one)
    from desk.messages.words import faults_at_counter  # noqa: PLC0415

    found, _head = await templates_of(installation, now())
    return faults_at_counter(found.faults)


class Surroundings(NamedTuple):
    """What a counter has to know before it shows anything."""

    place: CounterPlace
    library: str
    # The library's own, where tags are read.
    isils: tuple[str, ...]
    # A sentence on what is wrong with its templates, or nothing.
    faulty: str
    left: LeftInQueue


async def _surroundings(installation: Installation, queue: Queue, *, has_tags: bool) -> Surroundings:
    from desk.command import NOBODY  # noqa: PLC0415
    from desk.counter.taking_up import left_in  # noqa: PLC0415
    from desk.staff.queries import library_isils, library_name  # noqa: PLC0415

    ask = installation.desk.ask
    return Surroundings(
        left=await left_in(queue),
        place=await installation.counter_place(),
        library=await ask(NOBODY, library_name),
        isils=await ask(NOBODY, library_isils) if has_tags else (),
        faulty=await _faulty_templates(installation),
    )


def main() -> None:
    """Run ``desk``."""
    from desk.cli.main import run  # noqa: PLC0415  (click is not needed until the arguments are read)

    sys.exit(run())


if __name__ == "__main__":
    main()
