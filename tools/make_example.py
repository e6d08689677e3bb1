"""Writes the exports of the example study, ``examples/libraries``: invented, with a fixed seed.

Three cycles, two groups, and a file of another kind for each, as survey tools write them. Run it
again only to change the example; the hashes in its ``codebook/sources.csv`` follow.
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

STUDY = Path(__file__).resolve().parent.parent / "examples" / "libraries"
SEED = 1905
MARK = "SYNTHETIC"
TOWNS = [
    *("Ashford", "Birkholm", "Calder", "Dunmore", "Elsby", "Fairhaven", "Glenholt", "Harlow"),
    *("Ingleby", "Jarrow", "Kelso", "Linden", "Marbury", "Norwell", "Oakham", "Penrith"),
    *("Quarry Hill", "Redmere", "Selby", "Thornby", "Upwell", "Varley", "Westerby", "Yarrow"),
]
LEVELS = ["Very poor", "Poor", "Fair", "Good", "Very good"]
PARTNERS = ["Schools", "Care homes", "Job centre", "Sports clubs"]
WISHES = {"rooms": "Quiet rooms", "hours": "Longer hours", "books": "More books"}


def library(town: str, cycle: int, dice: random.Random) -> dict[str, str]:
    """What one library says in one cycle (0, 1, 2); its leaning stays the same over cycles."""
    leaning = random.Random(f"{SEED} {town}").random()
    sunday = leaning + 0.12 * cycle > 0.62
    likely = 0.25 + 0.5 * leaning
    services = [name for name in ("story", "cafe", "repair") if dice.random() < likely]
    order = dice.sample(list(WISHES), 3)
    level = min(4, max(0, round(4 * leaning + 0.4 * cycle + dice.uniform(-0.8, 0.8))))
    said = {
        "sunday": "Yes" if sunday else "No",
        "sunday_staff": str(dice.randint(1, 4)) if sunday else "",
        "reservation": "Yes" if dice.random() < 0.5 else "No",
        "devices": "" if cycle == 0 else ("Yes" if leaning + dice.random() > 0.9 else "No"),
        "story": "Yes" if "story" in services else "No",
        "cafe": "Yes" if "cafe" in services else "No",
        "repair": "Yes" if "repair" in services else "No",
        "none": "No" if services else "Yes",
        "partners": "; ".join(name for name in PARTNERS if dice.random() < 0.4),
        "building": LEVELS[level],
        "staff": str(2 + round(12 * leaning) + cycle),
        "digital_share": f"{round(5 + 20 * leaning + 8 * cycle)} %",
        "opened": f"{1890 + round(110 * leaning)}-{1 + int(11 * leaning):02d}-15",
        **{f"rank_{name}": str(order.index(name) + 1) for name in WISHES},
        "remarks": dice.choice(["", "", "The roof leaks.", "=SUM(A1:A9) is our favourite joke"]),
    }
    for blank in ("reservation", "partners", "building"):
        if dice.random() < 0.06:
            said[blank] = dice.choice(["", "don't know"]) if blank != "partners" else ""
    return said


def reader(cycle: int, dice: random.Random) -> dict[str, str]:
    """What one reader says; readers are asked anew, and nobody notes who they are."""
    return {
        "sunday": "Yes" if dice.random() < 0.35 + 0.12 * cycle else "No",
        "building": dice.choices(LEVELS, [2, 3, 5, 5 + cycle, 2 + 2 * cycle])[0],
        "visits": str(dice.choice([0, 1, 1, 2, 2, 3, 4, 6, 12])),
    }


LIBRARY_HEADERS = {
    "sunday": "Is the library open on Sundays?",
    "sunday_staff": "How many work there on a Sunday?",
    "reservation": "Can books be reserved online?",
    "devices": "Does the library lend devices?",
    "story": "Services: story time",
    "cafe": "Services: language café",
    "repair": "Services: repair café",
    "none": "Services: none of these",
    "partners": "Whom does the library work with?",
    "building": "In what state is the building?",
    "staff": "How many people work there?",
    "digital_share": "Share of digital loans",
    "opened": "When was the building opened?",
    **{f"rank_{name}": f"Place of: {label}" for name, label in WISHES.items()},
    "remarks": "Anything else?",
}
READER_HEADERS = {
    "sunday": "Should the library be open on Sundays?",
    "building": "In what state is the building?",
    "visits": "How often were you there last month?",
}


def as_csv(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    """Return rows as a text file with Windows line ends."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode(encoding)


def main() -> None:
    """Write every export and its hash."""
    dice = random.Random(SEED)
    folder = STUDY / "responses"
    folder.mkdir(parents=True, exist_ok=True)
    answers = []
    for cycle, missing in enumerate((3, 2, 4)):
        silent = set(dice.sample(TOWNS, missing))
        answers.append({t: library(t, cycle, dice) for t in TOWNS if t not in silent})
    header = ["Library", *LIBRARY_HEADERS.values(), MARK]

    def line(town: str, said: dict[str, str]) -> list[str]:
        return [town, *(said[name] for name in LIBRARY_HEADERS), MARK]

    first = [header, *(line(*one) for one in answers[0].items())]
    del_at = header.index(LIBRARY_HEADERS["devices"])
    first = [[cell for n, cell in enumerate(row) if n != del_at] for row in first]
    (folder / "libraries_2016.csv").write_bytes(as_csv(first, ";", "cp1252"))

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Answers"
    for row in [["Libraries 2019"], header, *(line(*one) for one in answers[1].items())]:
        sheet.append(["'" + c if c.startswith("=") else c for c in row])
    about = book.create_sheet("About")
    about.append(["Invented answers; not a finding."])
    book.properties.creator = "example"
    book.save(folder / "libraries_2019.xlsx")

    levels = {name: float(n) for n, name in enumerate(LEVELS, 1)}
    yes_no = {"Yes": 1.0, "No": 2.0, "don't know": 8.0}
    coded = ["sunday", "reservation", "devices", "story", "cafe", "none"]
    names = ["library", *LIBRARY_HEADERS, MARK]
    frame = pd.DataFrame([line(*one) for one in answers[2].items()], columns=names)
    frame = frame.drop(columns="repair")  # nobody offers it any more, so nobody is asked
    header.remove(LIBRARY_HEADERS["repair"])
    for name in coded:
        frame[name] = frame[name].map(yes_no)
    frame["building"] = frame["building"].map({**levels, "don't know": 8.0})
    answer_labels = {v: k for k, v in yes_no.items()}
    labels = dict.fromkeys(coded, answer_labels)
    labels["building"] = {**{v: k for k, v in levels.items()}, 8.0: "don't know"}
    pyreadstat.write_sav(
        frame,
        str(folder / "libraries_2022.sav"),
        column_labels=[*header],
        variable_value_labels=labels,
    )
    for cycle, (year, kind) in enumerate(((2016, "tsv"), (2019, "csv"), (2022, "csv"))):
        readers = [reader(cycle, dice) for _ in range((40, 55, 47)[cycle])]
        rows = [[*READER_HEADERS.values(), MARK]]
        rows += [[*(one[name] for name in READER_HEADERS), MARK] for one in readers]
        content = as_csv(rows, "\t" if kind == "tsv" else ",", "utf-8")
        (folder / f"readers_{year}.{kind}").write_bytes(content)
    for name in ("libraries_2019.xlsx", "libraries_2022.sav"):
        without_clocks(folder / name)
    refresh_hashes()


def without_clocks(path: Path) -> None:
    """Take the time of writing out of a workbook or an SPSS file."""
    content = path.read_bytes()
    if path.suffix == ".sav":
        # Creation date and time stand at bytes 92 to 109 of the file header.
        path.write_bytes(content[:92] + b"01 Jan 2600:00:00" + content[109:])
        return
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(fixed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            text = old.read(name)
            if name == "docProps/core.xml":
                text = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-01-01T00:00:00Z", text)
            new.writestr(entry, text)
    path.write_bytes(fixed.getvalue())


def refresh_hashes() -> None:
    """Write the hash of each export into its line of ``sources.csv``."""
    path = STUDY / "codebook" / "sources.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    place, name = rows[0].index("sha256"), rows[0].index("file")
    for row in rows[1:]:
        row[place] = hashlib.sha256((STUDY / row[name]).read_bytes()).hexdigest()
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
