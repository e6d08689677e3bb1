"""Writes a set of files into a folder: all of them or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def replace_files(folder: Path, files: Mapping[str, bytes], outdated: str) -> list[Path]:
    """Put files into a folder at once and return them.

    The new folder is made complete beside the old one and takes its place; other files of the
    folder stay.

    Parameters
    ----------
    folder : where the files belong; made if it is not there.
    files : content by file name.
    outdated : pattern of files that an earlier run may have left and that go.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        if folder.is_dir():
            shutil.copytree(folder, new, ignore=shutil.ignore_patterns(outdated))
        new.mkdir(exist_ok=True)
        for name, content in files.items():
            (new / name).write_bytes(content)
        if folder.is_dir():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.is_dir():
                old.rename(folder)
            raise
    return [folder / name for name in files]
