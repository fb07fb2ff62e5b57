"""Errors that a person can do something about: each one clear line with its remedy, no traceback.

What is not listed here is a defect of Tingjian and keeps its traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from console.messages.texts import Texts, clean
from console.session import FAILED, MISUSED

if TYPE_CHECKING:
    from pipelines.settings import SettingsError


def known() -> tuple[type[Exception], ...]:
    """Return the errors of other packages that ``complaint`` can tell.

    Called only once something failed: the packages behind these types take a while to load.
    """
    from asr.weights import WeightsError
    from detectors.rule_errors import RuleErrors
    from interactions.problems import Unreadable
    from pipelines.settings import SettingsError
    from warehouse.problems import WarehouseProblem

    return (RuleErrors, SettingsError, Unreadable, WarehouseProblem, WeightsError)


def status(error: Exception) -> int:
    """Return the exit status: 2 where nothing was tried, because something must be corrected."""
    from detectors.rule_errors import RuleErrors
    from pipelines.settings import SettingsError

    return MISUSED if isinstance(error, SettingsError | RuleErrors) else FAILED


def complaint(error: Exception, texts: Texts) -> list[str]:
    """Return what is wrong and what to do about it, one line each thing."""
    from asr.weights import WeightsError
    from detectors.rule_errors import RuleErrors
    from interactions.problems import Unreadable, explain
    from pipelines.settings import SettingsError
    from warehouse.problems import WarehouseProblem

    if isinstance(error, RuleErrors):
        lines = [clean(one.text(texts.language)) for one in error.errors]
        return [*lines, texts("error.rules", count=len(lines))]
    if isinstance(error, Unreadable):
        reason = explain(error.code, error.values, texts.language)
        return [texts("error.at", place=error.item, reason=reason)]
    if isinstance(error, WarehouseProblem):
        reason = explain(error.code, error.values, texts.language)
        return [texts("error.at", place=error.place, reason=reason)]
    if isinstance(error, WeightsError):
        return [texts("error.weights", message=str(error))]
    if isinstance(error, SettingsError):
        return settings_lines(error, texts)
    return [clean(line) for line in str(error).splitlines()]


def settings_lines(error: SettingsError, texts: Texts) -> list[str]:
    """Return everything that is wrong with the settings, one line each thing."""
    path = str(error.path)
    lines = []
    for one in error.wrong:
        if not one.setting:
            lines.append(texts(f"settings.{one.code}", path=path, allowed=one.allowed))
            continue
        key = f"settings.at.{one.setting.rpartition('.')[2]}"
        if one.code != "value_error" or key not in texts:
            key = f"settings.{one.code}" if f"settings.{one.code}" in texts else "settings.other"
        what = texts(key, allowed=one.allowed.replace(" or ", ", "), code=one.code)
        lines.append(
            texts("settings.wrong", path=path, setting=one.setting, found=one.found, what=what)
        )
    return lines


def misuse(error: typer.TyperException, texts: Texts) -> list[str]:
    """Return what is wrong with the command line; nothing where the help was shown instead.

    The error types of typer's parser are not exported, so they are told apart by name; one that
    is not known here keeps typer's own English message.
    """
    if type(error).__name__ == "NoArgsIsHelpError":
        return []
    told = _TELLERS.get(type(error).__name__)
    return [clean(error.format_message()) if told is None else told(error, texts)]


def _command(error: Any) -> str:  # noqa: ANN401 - see misuse
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "tingjian"


def _what(error: Any) -> str:  # noqa: ANN401 - see misuse
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "option_name", ""))
    return str(param.opts[0]) if param.opts[0].startswith("-") else str(param.metavar or param.name)


def _no_such_option(error: Any, texts: Texts) -> str:  # noqa: ANN401 - see misuse
    near = ", ".join(sorted(error.possibilities or ()))
    if near:
        return texts(
            "usage.no_such_option_near",
            option=error.option_name,
            near=near,
            command=_command(error),
        )
    return texts("usage.no_such_option", option=error.option_name, command=_command(error))


def _missing(error: Any, texts: Texts) -> str:  # noqa: ANN401 - see misuse
    return texts("usage.missing", what=_what(error), command=_command(error))


def _bad_value(error: Any, texts: Texts) -> str:  # noqa: ANN401 - see misuse
    return texts("usage.bad_value", what=_what(error), command=_command(error))


def _needs_value(error: Any, texts: Texts) -> str:  # noqa: ANN401 - see misuse
    return texts("usage.needs_value", option=error.option_name, command=_command(error))


def _too_much(error: Any, texts: Texts) -> str:  # noqa: ANN401 - see misuse
    return texts("usage.extra", command=_command(error))


_TELLERS = {
    "BadParameter": _bad_value,
    "BadOptionUsage": _needs_value,
    "MissingParameter": _missing,
    "NoSuchOption": _no_such_option,
    "UsageError": _too_much,  # the parser's only remaining complaint: more words than it takes
}
