"""What a section shows in a rehearsal: everything marked, and nothing of the printed source."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from analysis.display.exhibit import Table
from analysis.display.statements import Box

Method = TypeVar("Method", bound=Callable[..., Any])


def marked(method: Method) -> Method:
    """Mark what a method of a section shows as SYNTHETIC when the answers are invented."""

    @wraps(method)
    def shown_with_mark(section: Any, *args: Any, **options: Any) -> Any:
        exhibit = method(section, *args, **options)
        return exhibit.marked() if section.study.is_invented else exhibit

    return cast("Method", shown_with_mark)


def from_print_alone(method: Callable[..., Table]) -> Callable[..., Table | Box]:
    """Show nothing of the source in a rehearsal, where everything else is invented."""

    @wraps(method)
    def shown_or_left_out(section: Any, *args: Any, **options: Any) -> Table | Box:
        if section.study.is_invented:
            text = "This part rests on the printed source alone and is left out of a rehearsal."
            return Box("See the report", text, "").marked()
        return method(section, *args, **options)

    return shown_or_left_out
