"""The program ``desk``: the one place that wires store, desk, devices and screens together."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.counter.work import CounterWork
    from desk.installation import CounterPlace, Installation
    from devices.printer_lines import PrinterLine
    from screens.app import DeskApp


def start_counter(home: Path, hint: str = "", *, with_virtual_devices: bool = False) -> int:
    """Run the counter on this terminal until somebody leaves it.

    Args:
        home: an installed home.
        hint: what the sign-in screen says below its fields (the demo: whom to sign in as).
        with_virtual_devices: also listen to the virtual scanner and reader (V2).

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

        work = installation.counter_work()
        try:
            place, library = asyncio.run(_where(installation, work))
            app = DeskApp(installation, place, library, work, hint)
            app.catches_up = True
            app.warning = asyncio.run(_faulty_templates(installation))
            if with_virtual_devices:
                _plug_in_virtual_devices(app, home)
            _plug_in_printer(app, installation)
            return app.run() or app.return_code or 0
        finally:
            work.close()


def _plug_in_virtual_devices(app: DeskApp, home: Path) -> None:
    """Let the app start and stop the virtual scanner and reader; without them it works on (V3)."""
    from devices.messages import DeviceChanged  # noqa: PLC0415  (only a demo has them)
    from devices.virtual import VirtualDevices, VirtualError  # noqa: PLC0415

    devices = VirtualDevices(home)

    def start() -> None:
        try:
            devices.start(app.call_from_device)
        except VirtualError:
            app.call_from_device(DeviceChanged("reader", "missing"))

    app.devices_start, app.devices_stop = start, devices.close


def _plug_in_printer(app: DeskApp, installation: Installation, line: PrinterLine | None = None) -> None:
    """Let the app start and stop the receipt printer, behind whatever else it starts; where there is one.

    Args:
        app: the counter.
        installation: the opened home.
        line: the way to the printer, where it is not the one that is set: a virtual one.
    """
    prints, spool = app.at_counter.work.prints, installation.spool()
    if prints is None or spool is None:
        return
    from devices.printer import Printer  # noqa: PLC0415  (only where there is a printer)
    from devices.printer_lines import line_to  # noqa: PLC0415

    settings = installation.settings.printer
    printer = Printer(line or line_to(settings.kind, settings.address), spool)
    prints.wake = printer.wake
    start_others, stop_others = app.devices_start, app.devices_stop

    def start() -> None:
        start_others()
        printer.start(app.call_from_device)

    def stop() -> None:
        printer.close()
        stop_others()

    app.devices_start, app.devices_stop = start, stop


async def _faulty_templates(installation: Installation) -> str:
    """Say that templates of the library's own cannot be used; where it has none, nothing is read (Q5)."""
    from desk.installation import now  # noqa: PLC0415

    if not (installation.home / "templates").is_dir():
        return ""
    from desk.messages.sending import templates_of  # noqa: PLC0415  (only where somebody has changed one)
    from desk.messages.words import faults_at_counter  # noqa: PLC0415

    found, _head = await templates_of(installation, now())
    return faults_at_counter(found.faults)


async def _where(installation: Installation, work: CounterWork) -> tuple[CounterPlace, str]:
    from desk.command import NOBODY  # noqa: PLC0415
    from desk.staff.queries import library_name  # noqa: PLC0415

    await work.open()
    return await installation.counter_place(), await installation.desk.ask(NOBODY, library_name)


def main() -> None:
    """Run ``desk``."""
    from desk.cli.main import run  # noqa: PLC0415  (click is not needed until the arguments are read)

    sys.exit(run())


if __name__ == "__main__":
    main()
