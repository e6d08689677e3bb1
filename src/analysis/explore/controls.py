"""The controls: a thin layer of widgets over the model."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import ipywidgets as w

from analysis.desk.lookup import CONFIDENTIAL
from analysis.display.result import STYLE
from analysis.explore.choice import Choice, Filters
from analysis.explore.model import LEGEND, Model

ASK = "Single respondents …"
CONFIRM = "I have read this: show them"
NOTHING = "Nothing passes these filters. What was found before stays in view."
STATIC = "These controls need a running notebook: open it in JupyterLab or VS Code and run it."


class Explorer:
    """A study with controls; shows itself in a notebook.

    Attributes
    ----------
    choice : what is looked at.
    find, section, evidence, change, indicator, pair, respondents, denominator, method : controls.
    seen : the widget that shows figure, words, table and code.
    """

    def __init__(self, model: Model, *, indicator: str = "") -> None:
        self.model = model
        self.choice = model.opening(indicator)
        self._is_busy = False
        wide = w.Layout(width="auto")
        look: dict[str, Any] = {"layout": wide, "style": {"description_width": "7em"}}

        def chosen(words: str, options: Sequence[tuple[str, str]] = ()) -> w.Dropdown:
            return w.Dropdown(options=options, description=words, **look)

        self.find = w.Text(placeholder="a word of the question", description="Find", **look)
        self.section = chosen("Section", model.sections())
        self.evidence = chosen("Evidence", model.evidence())
        self.change = chosen("Changed", model.changes())
        self.indicator = w.Select(rows=12, layout=wide)
        self.pair = chosen("Cycles", model.pairs())
        self.respondents = chosen("Respondents", model.groups())
        self.denominator = chosen("Share of")
        self.method = chosen("Show", model.methods())
        self.single = w.Button(description=ASK, layout=wide)
        self.told = w.HTML()
        self.seen = w.HTML(layout=w.Layout(flex="1 1 30em", min_width="0", padding="0 0 0 1.5em"))
        self._show_choice()
        for control in (self.find, self.section, self.evidence, self.change, self.indicator):
            control.observe(self._changed, "value")
        for control in (self.pair, self.respondents, self.denominator, self.method):
            control.observe(self._changed, "value")
        self.single.on_click(self._asked_for_single)
        self.box = self._box()

    def _box(self) -> w.Box:
        parts = [
            *(self.find, self.section, self.evidence, self.change, self.indicator, self.told),
            *(self.pair, self.respondents, self.denominator, self.method),
            *([self.single] if self.model.has_single_respondents() else []),
        ]
        controls = w.VBox(parts, layout=w.Layout(flex="0 0 25em", max_width="100%"))
        flow = w.Layout(display="flex", flex_flow="row wrap", align_items="flex-start")
        return w.Box([controls, self.seen], layout=flow)

    @property
    def filters(self) -> Filters:
        """Which indicators are listed."""
        return Filters(
            words=self.find.value,
            section=self.section.value,
            evidence=self.evidence.value,
            change=self.change.value,
        )

    def _changed(self, _: object) -> None:
        """Follow the controls; what they are set to on the way does not count."""
        if self._is_busy:
            return
        baseline, cycle = self.pair.value.split("|")
        self.choice = Choice(
            indicator=self.indicator.value or self.choice.indicator,
            respondents=self.respondents.value,
            baseline=baseline,
            cycle=cycle,
            denominator=self.denominator.value,
            method=self.method.value,
        )
        self._show_choice()

    def _show_choice(self) -> None:
        """Offer what can be chosen now, and show what is chosen."""
        self._is_busy = True
        try:
            options = self.model.listed(self.choice, self.filters)
            names = [name for _, name in options]
            self.choice = self.model.mended(self.choice, names)
            self._set(self.indicator, options, self.choice.indicator if names else None)
            bases = self.model.denominators(self.choice.indicator)
            self._set(self.denominator, bases, self.choice.denominator)
            self.pair.value = f"{self.choice.baseline}|{self.choice.cycle}"
            self.respondents.value = self.choice.respondents
            self.method.value = self.choice.method
            self.told.value = _small(LEGEND if names else NOTHING)
            self.single.description = ASK
            self.single.disabled = not names
            if names:
                self.seen.value = self.model.view(self.choice).html
        finally:
            self._is_busy = False

    @staticmethod
    def _set(control: Any, options: list[tuple[str, str]], value: str | None) -> None:
        if list(control.options) != options:
            control.options = options
        if control.value != value:
            control.value = value

    def _asked_for_single(self, _: object) -> None:
        """Warn first; show who moved only when it is asked for again."""
        if self.single.description == ASK:
            self.single.description = CONFIRM
            self.seen.value = (
                f'<style>{STYLE}</style><div class="analysis-result"><p class="warning">'
                f"{escape(CONFIDENTIAL)}</p></div>"
            )
        else:
            self.single.description = ASK
            self.seen.value = self.model.single_respondents(self.choice)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        view = self.model.view(self.choice)
        shown = dict(self.box._repr_mimebundle_(**options))
        return shown | {"text/plain": str(self), "text/html": f"{view.html}{_small(STATIC)}"}

    def __str__(self) -> str:
        return str(self.model.view(self.choice).result)


def _small(text: str) -> str:
    return f'<p style="line-height: 1.4; margin: .3em 0"><small>{escape(text)}</small></p>'
