"""``--help`` in the person's language: texts by key, so that no command carries English of its own.

The help of the command ``tingjian rules check`` is ``help.rules.check.*``: ``short`` (one line),
``text`` (what it is for), ``example`` and one text for each parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from console.messages.texts import Texts
from console.session import Refusal, Session

ROOT = "tingjian"
AnyCommand = TyperCommand | TyperGroup


class Command(TyperCommand):
    """A command that tells its help from the texts."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - typer's signature
        """Print the help to standard output."""
        tell(self, ctx)


class Group(TyperGroup):
    """A family of commands that tells its help from the texts."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer's signature
        """Find the command, or say which there are."""
        name = args[0]
        if name in self.commands or name.startswith("-"):
            return super().resolve_command(ctx, args)
        near = ", ".join(get_close_matches(name, self.commands))
        key = "usage.no_such_command_near" if near else "usage.no_such_command"
        raise Refusal(ctx.obj.texts(key, name=name, near=near, command=ctx.command_path))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - typer's signature
        """Print the help to standard output."""
        tell(self, ctx)


def key_of(path: str) -> str:
    """Return the texts' key of a command path such as ``tingjian rules check``."""
    below = path.split()[1:]
    return ".".join(("help", *(below or (ROOT,))))


def tell(command: AnyCommand, context: typer.Context) -> None:
    """Print a command's help."""
    session: Session = context.obj
    texts, out = session.texts, session.out
    key = key_of(context.command_path)
    usage = " ".join((context.command_path, *_pieces(command, context, texts)))
    out.print(Text.assemble((f"{texts('help.usage')} ", "bold"), usage), soft_wrap=True)
    out.print()
    for paragraph in texts.raw(f"{key}.text").strip().split("\n\n"):
        # Lines of one paragraph belong together; between Chinese characters stands no blank.
        joined = ("" if texts.language == "zh" else " ").join(paragraph.splitlines())
        out.print(Padding.indent(Text(joined), 1))
        out.print()
    _commands(command, context, texts, out)
    _parameters(command, context, session)
    example = f"{key}.example"
    if example in texts:
        out.print()
        out.print(Text(texts("help.example"), style="bold"))
        out.print(Padding.indent(Text(texts.raw(example).strip(), style="cyan"), 2))


def _pieces(command: AnyCommand, context: typer.Context, texts: Texts) -> Iterator[str]:
    yield texts("help.options_piece")
    for param in command.params:
        if param.param_type_name == "argument":
            yield from param.get_usage_pieces(context)
    if isinstance(command, TyperGroup):
        yield texts("help.command_piece")


def _commands(command: AnyCommand, context: typer.Context, texts: Texts, out: Console) -> None:
    if not isinstance(command, TyperGroup):
        return
    table = _grid()
    for name in command.list_commands(context):
        short = texts.raw(f"{key_of(f'{context.command_path} {name}')}.short")
        table.add_row(Text(name, style="cyan"), "", Text(short))
    out.print(Text(texts("help.commands"), style="bold"))
    out.print(table)
    out.print()


def _parameters(command: AnyCommand, context: typer.Context, session: Session) -> None:
    texts, key = session.texts, key_of(context.command_path)
    table = _grid()
    for param in cast("list[TyperArgument | TyperOption]", command.params):
        about = Text(texts.raw(f"{key}.{param.name}"))
        for note in _notes(param, texts):
            about.append(f" [{note}]", style="dim")
        names, value = _names(param, context)
        table.add_row(Text(names, style="cyan"), value, about)
    table.add_row(Text("--help", style="cyan"), "", Text(texts("help.help")))
    session.out.print(Text(texts("help.options"), style="bold"))
    session.out.print(table)
    if context.parent is not None:
        session.out.print(Padding.indent(Text(texts("help.everywhere"), style="dim"), 2))


def _names(param: TyperArgument | TyperOption, context: typer.Context) -> tuple[str, str]:
    """What a person types for this parameter, and what stands for its value."""
    if isinstance(param, TyperArgument):
        return " ".join(param.get_usage_pieces(context)), ""
    return ", ".join(param.opts), "" if param.is_flag else param.metavar or ""


def _notes(param: TyperArgument | TyperOption, texts: Texts) -> Iterator[str]:
    if param.envvar:
        yield texts("help.environment", name=str(param.envvar))
    if param.show_default and isinstance(param.default, str | int | Path) and param.default:
        yield texts("help.default", value=str(param.default))


def _grid() -> Table:
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table
