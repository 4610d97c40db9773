"""click in our words: help and mistakes speak the language of the installation (U1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from desk.texts import _


class Worded(click.Command):
    """A command whose help is headed in our words."""

    def __init__(self, name: str, **more: Any) -> None:
        """Take what click's own command takes; ``--help`` explains itself in our words."""
        params = [*more.pop("params", []), _help_option()]
        super().__init__(
            name,
            params=params,
            add_help_option=False,
            options_metavar=_("[OPTIONS]"),
            **more,
        )

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is written."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_("Usage") + ": ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        _write(
            formatter, _("Options"), [record for one in self.get_params(ctx) if (record := one.get_help_record(ctx))]
        )


def json_option() -> click.Option:
    """Make the option of a command that can answer a program: one JSON object as the last line (T1)."""
    return click.Option(["--json", "as_json"], is_flag=True, help=_("As JSON, on the last line."))


class WordedGroup(Worded, click.Group):
    """A group of commands, listed in the order they are given in, whose help is headed in our words.

    Attributes:
        makers: makes each command by its name, when it is asked for: a command does not wait for what others need.
    """

    def __init__(self, name: str, makers: Mapping[str, Callable[[], click.Command]], **more: Any) -> None:
        """Take the group's commands by their names."""
        super().__init__(name, subcommand_metavar=_("COMMAND …"), **more)
        self.makers = makers

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make a command; None: there is none of that name."""
        maker = self.makers.get(cmd_name)
        return None if maker is None else maker()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order they were given in."""
        return list(self.makers)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        _write(formatter, _("Commands"), [(name, maker().help or "") for name, maker in self.makers.items()])
        Worded.format_options(self, ctx, formatter)


class Count(click.ParamType[int]):
    """A whole number from nought up."""

    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number.

        Raises:
            click.BadParameter: it is none.
        """
        digits = str(value)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            self.fail(_("a whole number is needed"), param, ctx)
        return int(digits)


class Misused(click.UsageError):
    """Options that do not go together, worded already."""


def mistake(error: click.ClickException) -> str:
    """Word what cannot be understood in a command line, and where it is explained."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "desk"
    return _reason(error) + " " + _("{command} --help explains it.").format(command=path)


def _reason(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return _("There is no option {name}.").format(name=error.option_name)
        case click.MissingParameter():
            return _("{name} is missing.").format(name=_named(error.param))
        case click.BadOptionUsage():
            return _("{name}: its value is missing, or it has none.").format(name=error.option_name)
        case click.BadParameter():
            return _("{name}: {reason}.").format(name=_named(error.param), reason=error.message.rstrip("."))
        case Misused():
            return error.message
        case _:
            return _("The command is not understood.")


def _named(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    return param.opts[0] if isinstance(param, click.Option) else param.make_metavar(click.Context(click.Command("")))


def _write(formatter: click.HelpFormatter, heading: str, records: list[tuple[str, str]]) -> None:
    if records:
        with formatter.section(heading):
            formatter.write_dl(records)


def _help_option() -> click.Option:
    def show(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()

    return click.Option(
        ["--help"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=_("This page.")
    )
