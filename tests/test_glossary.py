"""The glossary: in order, in plain words, and with every word that reports mark numbers with."""

from __future__ import annotations

from analysis.comparisons.words import FALL, LEVEL, NOT_COMPARABLE, OPEN, RISE
from analysis.published.findings import DENOMINATORS
from analysis.report.evidence import MEANING
from analysis.study.glossary import glossary

WORDS = {term.word: term.meaning for term in glossary()}


def test_terms_are_in_order_and_each_is_there_once() -> None:
    words = [term.word for term in glossary()]
    assert words == sorted(WORDS, key=lambda word: word.replace("-", ""))


def test_meanings_are_sentences() -> None:
    for word, meaning in WORDS.items():
        assert meaning[0].isupper(), word
        assert meaning.endswith("."), word
        assert len(meaning) < 250, word


def test_words_of_evidence_bases_and_verdicts_are_explained() -> None:
    needed = {*MEANING, *DENOMINATORS, OPEN, NOT_COMPARABLE, LEVEL}
    assert needed <= set(WORDS)
    known = "rise or fall under the stated assumption"
    assert known in WORDS
    for verdict in (RISE, FALL):
        assert verdict.partition(" ")[2] == known.partition(" fall ")[2]
