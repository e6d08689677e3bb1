"""What a notebook says: statements, notices, and the headlines that the index takes over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

from analysis.display.exhibit import Bundle, finding_links
from analysis.study.places import SYNTHETIC

HEADLINES_MIME = "application/vnd.analysis.headlines+json"


@dataclass(frozen=True)
class Sentence:
    """One statement about one indicator, with its evidence and the findings it rests on."""

    text: str
    evidence: str
    finding_ids: tuple[str, ...]

    def adding(self, text: str) -> Sentence:
        """Return the statement with more text behind it."""
        return replace(self, text=f"{self.text} {text}".strip())

    def marked(self) -> Sentence:
        """Return the statement with the word SYNTHETIC before it."""
        return Sentence(f"{SYNTHETIC}, not a finding: {self.text}", "synthetic", ())

    def html(self) -> str:
        """Return the statement as HTML."""
        source = f" {finding_links(self.finding_ids)}" if self.finding_ids else ""
        badge = f'<span class="evidence {self.evidence}">{self.evidence}</span>'
        if not self.evidence:
            return f'<p class="sentence">{escape(self.text)}</p>'
        return f'<p class="sentence">{escape(self.text)} <small>{badge}{source}</small></p>'

    def plain(self) -> str:
        """Return the statement as text."""
        if not self.evidence:
            return self.text
        rests = f", {', '.join(self.finding_ids)}" if self.finding_ids else ""
        return f"{self.text} [{self.evidence}{rests}]"


@dataclass(frozen=True)
class Sentences:
    """Statements shown together."""

    sentences: tuple[Sentence, ...]

    def marked(self) -> Sentences:
        """Return the same with the word SYNTHETIC before every statement."""
        return Sentences(tuple(sentence.marked() for sentence in self.sentences))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        ids = list(dict.fromkeys(i for s in self.sentences for i in s.finding_ids))
        evidence = list(dict.fromkeys(s.evidence for s in self.sentences))
        data = {
            "text/html": "".join(s.html() for s in self.sentences),
            "text/plain": str(self),
        }
        return data, {"analysis": {"kind": "sentence", "evidence": evidence, "findings": ids}}

    def __str__(self) -> str:
        return "\n".join(s.plain() for s in self.sentences)


@dataclass(frozen=True)
class Box:
    """A notice that stands in the place of what cannot be shown."""

    title: str
    text: str
    command: str

    def marked(self) -> Box:
        """Return the same with the word SYNTHETIC in its title."""
        return replace(self, title=f"{SYNTHETIC} rehearsal. {self.title}")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        command = f"<p><code>{escape(self.command)}</code></p>" if self.command else ""
        html = (
            f'<aside class="box"><p><strong>{escape(self.title)}</strong></p>'
            f"<p>{escape(self.text)}</p>{command}</aside>"
        )
        return {"text/html": html, "text/plain": str(self)}, {"analysis": {"kind": "box"}}

    def __str__(self) -> str:
        return f"{self.title}: {self.text} {self.command}".strip()


@dataclass(frozen=True)
class Headlines:
    """What the index page takes from a section."""

    sentences: tuple[Sentence, ...]
    changes: tuple[Mapping[str, object], ...]
    answered: tuple[Mapping[str, object], ...] = ()
    limits: tuple[str, ...] = ()

    def marked(self) -> Headlines:
        """Return the same with the word SYNTHETIC in every headline and every change."""
        changes = [
            {
                **change,
                "indicator": f"{SYNTHETIC}: {change['indicator']}",
                "text": f"{SYNTHETIC}, not a finding: {change['text']}",
                "evidence": "synthetic",
                "findings": [],
            }
            for change in self.changes
        ]
        answered = [
            {**row, "respondents": f"{SYNTHETIC} {row['respondents']}"} for row in self.answered
        ]
        return replace(
            self,
            sentences=tuple(sentence.marked() for sentence in self.sentences),
            changes=tuple(changes),
            answered=tuple(answered),
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        record = {
            "headlines": [
                {"text": s.text, "evidence": s.evidence, "findings": list(s.finding_ids)}
                for s in self.sentences
            ],
            "changes": [dict(change) for change in self.changes],
            "answered": [dict(row) for row in self.answered],
            "limits": list(self.limits),
        }
        items = "".join(f"<li>{escape(text)}</li>" for text in self._texts())
        data = {
            HEADLINES_MIME: record,
            "text/html": f'<ul class="headlines">{items}</ul>',
            "text/plain": str(self),
        }
        return data, {"analysis": {"kind": "headlines"}}

    def _texts(self) -> list[str]:
        return [*(sentence.text for sentence in self.sentences), *self.limits]

    def __str__(self) -> str:
        return "\n".join(self._texts())
