"""Where a study's files are and where its results go."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
CODEBOOK = "codebook"
WORKBOOK = "codebook.xlsx"
"""The codebook as one Excel workbook: in the study folder, or in ``codebook/``."""

FINDINGS = "findings.csv"
REHEARSAL, RESPONSES = "rehearsal", "responses"
"""Folders of invented and of real answers inside a study."""

SWEEP = "sweep"
"""Folder inside the reports that holds the report of every row of a sweep."""

SYNTHETIC = "SYNTHETIC"
"""The word that stands in title, file name, text, cells and pixels of all that is invented."""

VARIABLES = "ANALYSIS_"
"""Prefix of the environment variables by which a build hands its folders to a kernel."""


@dataclass(frozen=True)
class Places:
    """The folders of one study: `raw` is read, `processed` and `reports` are written.

    In a rehearsal the answers are the invented ones, and results go to folders of their own.
    """

    raw: Path
    processed: Path
    reports: Path
    notebooks: Path
    is_rehearsal: bool = False

    def rehearsed(self) -> Places:
        """Return the places of a rehearsal of the same study."""
        return replace(
            self,
            processed=self.processed / REHEARSAL,
            reports=self.reports / REHEARSAL,
            is_rehearsal=True,
        )

    def as_variables(self) -> dict[str, str]:
        """Return the environment variables that hand these places to a kernel."""
        return {
            f"{VARIABLES}{one.name.upper()}": str(getattr(self, one.name)) for one in fields(self)
        }


def find_places(study: str | Path | None = None, output: str | Path | None = None) -> Places:
    """Return the folders of a study.

    Parameters
    ----------
    study : folder of another study, or the ``rehearsal`` folder inside one. Empty for the one that
        a build hands to its kernels (in environment variables, so that no path stands in a
        notebook), else ``data/raw`` of the project that the working folder lies in, else of the
        checkout that this package is installed from, else the copy inside the package.
    output : where ``reports`` and ``processed`` go instead of beside the study.
    """
    if not study and not output and (handed := _handed_over()):
        return handed
    if study and _is_rehearsal(Path(study).expanduser()):
        return find_places(Path(study).expanduser().resolve().parent, output).rehearsed()
    project = _project(Path(study).expanduser() if study else None)
    notebooks = project / "notebooks" if project else PACKAGE / "resources" / "notebooks"
    if project and (not study or _is_default(Path(study), project)):
        raw = project / "data" / "raw"
        processed, reports = project / "data" / "processed", project / "reports"
    elif study:
        raw = Path(study).expanduser().resolve()
        processed, reports = raw / "processed", raw / "reports"
    else:
        raw = PACKAGE / "resources" / "study"
        processed, reports = Path.cwd() / "data" / "processed", Path.cwd() / "reports"
    if output:
        results = Path(output).expanduser().resolve()
        processed, reports = results / "processed", results / "reports"
    return Places(raw=raw, processed=processed, reports=reports, notebooks=notebooks)


def input_files(places: Places) -> dict[str, Path]:
    """Return every input file of a study by its name inside it, in order of name."""
    raw, answers = places.raw, REHEARSAL if places.is_rehearsal else RESPONSES
    paths = [
        raw / FINDINGS,
        raw / WORKBOOK,
        raw / CODEBOOK / WORKBOOK,
        *(raw / CODEBOOK).glob("*.csv"),
        *(path for path in (raw / answers).glob("**/*") if path.name[0] != "."),
    ]
    files = {path.relative_to(raw).as_posix(): path for path in paths if path.is_file()}
    return dict(sorted(files.items()))


def has_codebook(study: Path) -> bool:
    """Tell whether a folder has a codebook, as tables or as a workbook."""
    return (study / CODEBOOK).is_dir() or (study / WORKBOOK).is_file()


def _handed_over() -> Places | None:
    """The places that a build handed to this process, if it did."""
    given = {one.name: os.environ.get(f"{VARIABLES}{one.name.upper()}") for one in fields(Places)}
    if not all(given.values()):
        return None
    is_rehearsal = given.pop("is_rehearsal") == str(True)
    paths = {name: Path(str(path)) for name, path in given.items()}
    return Places(**paths, is_rehearsal=is_rehearsal)


def _is_rehearsal(study: Path) -> bool:
    """Whether the folder holds the invented answers of the study that it lies in."""
    return study.resolve().name == REHEARSAL and has_codebook(study.resolve().parent)


def _is_default(study: Path, project: Path) -> bool:
    return study.expanduser().resolve() == (project / "data" / "raw").resolve()


def _project(study: Path | None) -> Path | None:
    """The nearest folder upwards that holds a study and its notebooks."""
    here = Path.cwd().resolve()
    inside = study.resolve().parents if study else ()
    for folder in (*inside, here, *here.parents, PACKAGE.parents[1]):
        if has_codebook(folder / "data" / "raw") and (folder / "notebooks").is_dir():
            return folder
    return None
