"""The parameters of all commands, so that tests can ask something of each one."""

import re
from collections.abc import Iterator

import click

from windowner.cli.main import COMMANDS, main


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    """Yield the name of each command, and each of its parameters."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        commands = command.commands if isinstance(command, click.Group) else {"": command}
        for below, each in commands.items():
            yield from ((f"{name} {below}".strip(), parameter) for parameter in each.params)


PATHS = [(name, parameter) for name, parameter in parameters() if isinstance(parameter.type, click.Path)]


def label(name: str, parameter: click.Parameter) -> str:
    """Return the name of a parameter as the help writes it."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return re.sub(r"\W", "", parameter.metavar or parameter.name.upper())
