"""A bundle: a zip archive whose bytes depend on its files alone, with a list of their hashes.

What was received from somebody else is not trusted: nothing is unpacked to disk, and an archive
that is damaged, too large, or names files outside itself is refused.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from analysis.files import replace_file
from analysis.intake.reading.limits import MOST_BYTES, MOST_PARTS, PACKED_AT_MOST, SLACK
from analysis.problems import InputError, Problem, refuse_any

MANIFEST = "SHA256SUMS"
"""The list of hashes, as `sha256sum --check` reads it."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file; an archive has none before it."""

LINE = re.compile(r"(?P<hash>[0-9a-f]{64})  (?P<name>[^\n]+)")


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    r"""Return the list of the hashes of files, in order of name.

    >>> manifest_of({"a": b""})[-8:]
    b'b855  a\n'
    """
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def write_bundle(files: Mapping[str, bytes], target: Path) -> None:
    """Write files and the list of their hashes into an archive; a bundle that is there is replaced.

    The same files give the same bytes; they are not packed, as each library packs in its own way.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in [(MANIFEST, manifest_of(files)), *sorted(files.items())]:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content)
    replace_file(target, buffer.getvalue())


def read_bundle(file: Path) -> dict[str, bytes]:
    """Return the files of a bundle, each as its list of hashes says.

    Raises
    ------
    InputError
        When the file is no bundle, is larger than it may be, names a file outside itself, or holds
        anything else than its list says.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            refuse_any(list(_refused(entries, file.name)))
            content = {one.filename: _unpacked(archive, one) for one in entries}
    except InputError:
        raise
    except Exception as error:  # whatever a damaged archive makes the unpacking stumble over
        said = str(error) or type(error).__name__
        message = f"it cannot be read as a zip archive: {said}."
        raise InputError(Problem(message, file=file.name)) from None
    manifest = content.pop(MANIFEST, None)
    if manifest is None:
        message = f"not a bundle: it holds no {MANIFEST}. `analysis bundle` makes one."
        raise InputError(Problem(message, file=file.name))
    refuse_any(list(_unlike(content, manifest, file.name)))
    return content


def _refused(entries: list[zipfile.ZipInfo], bundle: str) -> Iterator[Problem]:
    """Yield what keeps an archive from being unpacked, judged by what it says of itself."""
    total = sum(one.file_size for one in entries)
    if len(entries) > MOST_PARTS:
        yield Problem(f"{len(entries):,} files; at most {MOST_PARTS:,} are read.", file=bundle)
        return
    if total > MOST_BYTES:
        message = f"{total:,} bytes unpacked; at most {MOST_BYTES:,} are read."
        yield Problem(message, file=bundle)
    seen: set[str] = set()
    for one in entries:
        why = _is_wrong(one, seen)
        seen.add(one.filename.casefold())
        if why:
            yield Problem(f"a file inside it {why}.", file=bundle, value=one.filename)


def _is_wrong(one: zipfile.ZipInfo, seen: set[str]) -> str:
    name = one.filename
    if name != one.orig_filename or re.search(r"[\\:\x00-\x1f\x7f]", name):
        return "has a name that not every system can write"
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or name != path.as_posix():
        return "would be written outside of it"
    if name.casefold() in seen:
        return "is there twice"
    if one.flag_bits & 0x1:
        return "needs a password"
    if one.external_attr >> 28 not in (0, 0o10):
        return "is a link or no ordinary file"
    if one.file_size > SLACK and one.file_size > PACKED_AT_MOST * max(one.compress_size, 1):
        return f"is more than {PACKED_AT_MOST} times as large unpacked"
    return ""


def _unpacked(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """Unpack one file, and no more of it than it says it has."""
    with archive.open(one) as stream:
        content = stream.read(one.file_size + 1)
    if len(content) != one.file_size:
        raise zipfile.BadZipFile(f"{one.filename} is not as large as it says")
    return content


def _unlike(content: Mapping[str, bytes], manifest: bytes, bundle: str) -> Iterator[Problem]:
    """Yield where files and the list of their hashes differ."""
    try:
        text = manifest.decode()
    except UnicodeDecodeError:
        text = "\N{REPLACEMENT CHARACTER}"
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    if not text or None in found:
        yield Problem(f"its {MANIFEST} is not a list of hashes.", file=bundle)
        return
    told = {one["name"]: one["hash"] for one in found if one}
    for name in sorted(told.keys() | content.keys()):
        if name not in content:
            yield Problem("a file that it lists is not in it.", file=bundle, value=name)
        elif name not in told:
            yield Problem("a file in it is not on its list.", file=bundle, value=name)
        elif hashlib.sha256(content[name]).hexdigest() != told[name]:
            message = "a file in it is not the one that was bundled."
            yield Problem(message, file=bundle, value=name)
