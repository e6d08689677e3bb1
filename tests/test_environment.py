"""The lock file and environment.yml: complete, pinned, hashed, alike, and free of the GPL."""

import importlib.util
import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
EXTRA = (ROOT / "requirements-extra.lock").read_text(encoding="utf-8")
CONDA_TEXT = (ROOT / "environment.yml").read_text(encoding="utf-8")
CONDA = yaml.safe_load(CONDA_TEXT)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lock_entries(lock: str = LOCK) -> list[str]:
    """One string a package: the pin and its hashes, without comments."""
    text = re.sub(r"^\s*#.*\n", "", lock, flags=re.MULTILINE)
    return text.replace("\\\n", " ").splitlines()


def pins_of(lock: str) -> list[Requirement]:
    return [Requirement(entry.split(" --hash=")[0]) for entry in lock_entries(lock)]


PINS = pins_of(LOCK)
PINNED = {canonicalize_name(pin.name): pin for pin in PINS}
APPLICABLE = [pin for pin in PINS if pin.marker is None or pin.marker.evaluate()]


def pip_section() -> list[str]:
    return next(entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))


@pytest.mark.parametrize(("lock", "least"), [(LOCK, 100), (EXTRA, 50)], ids=["all", "extra"])
def test_every_package_is_locked_once_to_one_version_with_hashes(lock, least):
    pins = pins_of(lock)
    assert len({canonicalize_name(pin.name) for pin in pins}) == len(pins) > least
    for entry, pin in zip(lock_entries(lock), pins, strict=True):
        (specifier,) = pin.specifier
        assert specifier.operator == "=="
        assert "*" not in specifier.version
        options = entry.split(" --", 1)[1]
        assert re.fullmatch(r"(\s*(--)?hash=sha256:[0-9a-f]{64})+\s*", options), pin.name


@pytest.mark.parametrize("text", [LOCK, EXTRA, CONDA_TEXT], ids=["all", "extra", "environment.yml"])
def test_no_address_of_an_index(text):
    assert re.findall(r"\w+://\S*|\bfile:\S*|@ \S+", text) == []
    assert set(re.findall(r"--[a-z-]+", text)) <= {"--hash"}


def test_direct_dependencies_are_locked_within_their_ranges():
    direct = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]
    for wanted in map(Requirement, direct):
        (specifier,) = PINNED[canonicalize_name(wanted.name)].specifier
        assert wanted.specifier.contains(specifier.version), wanted.name


def test_extra_packages_are_locked_within_their_ranges_and_change_no_other():
    pinned = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins_of(EXTRA)
    }
    groups = PROJECT["dependency-groups"]
    for wanted in map(Requirement, (*groups["docs"], *groups["validators"])):
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted.name
    both = pinned.keys() & PINNED.keys()
    assert {name: next(iter(PINNED[name].specifier)).version for name in both} == {
        name: pinned[name] for name in both
    }


def test_the_tests_run_with_the_locked_versions():
    wanted = {pin.name: next(iter(pin.specifier)).version for pin in APPLICABLE}
    assert {name: distribution(name).version for name in wanted} == wanted


def test_conda_gets_the_same_packages_versions_and_markers():
    pins = [Requirement(line) for line in pip_section() if not line.startswith("-")]
    assert set(map(str, pins)) == set(map(str, PINS))
    assert len(pins) == len(PINS)


def test_conda_gets_a_supported_python_pip_and_the_package_itself():
    assert CONDA["name"] == PROJECT["project"]["name"]
    python, pip = (entry for entry in CONDA["dependencies"] if isinstance(entry, str))
    assert pip == "pip"
    name, version = python.split("=")
    assert name == "python"
    assert version in {"3.11", "3.12", "3.13"}
    assert pip_section()[-1] == "-e ."


def test_environment_yml_is_what_the_lock_file_generates():
    path = ROOT / "tools" / "make_environment.py"
    spec = importlib.util.spec_from_file_location("make_environment", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.environment(LOCK) == CONDA_TEXT, "run: make lock"


def is_gpl(expression: str, classifiers: Iterable[str], text: str = "") -> bool:
    """Whether a distribution's metadata call it GPL, LGPL or AGPL.

    An expression with ``OR`` leaves a choice. A long ``License`` text is not searched: those of
    SciPy and Matplotlib quote the licences of bundled parts, and both have a classifier.
    """
    gpl = re.compile(r"\b[AL]?GPL|GNU .*General Public")
    if expression:
        return all(gpl.search(choice) for choice in expression.split(" OR "))
    return any(gpl.search(name) for name in [*classifiers, text if len(text) < 200 else ""])


@pytest.mark.parametrize(
    ("expression", "classifiers", "text", "expected"),
    [
        ("GPL-3.0-only", [], "", True),
        ("MIT AND LGPL-2.1-or-later", [], "", True),
        ("", ["License :: OSI Approved :: GNU Affero General Public License v3"], "", True),
        ("", [], "GPLv3", True),
        ("MIT OR GPL-2.0-only", [], "", False),
        ("BSD-3-Clause", [], "", False),
        ("", ["License :: OSI Approved :: BSD License"], "GPL " * 1000, False),
    ],
)
def test_is_gpl(expression, classifiers, text, expected):
    assert is_gpl(expression, classifiers, text) is expected


CHOICE = {
    "docutils": "public domain and BSD; the GPL is of a file for Emacs that no wheel has",
    "text-unidecode": "Artistic License or GPL, as the user likes",
}
"""Packages that name the GPL among others, none of which the package itself needs."""


def test_no_installed_distribution_is_gpl_or_without_a_licence():
    licences = {}
    for pin in (*APPLICABLE, *pins_of(EXTRA)):
        try:
            metadata = distribution(pin.name).metadata
        except PackageNotFoundError:
            continue
        classifiers = [c for c in metadata.get_all("Classifier", []) if c.startswith("License")]
        licences[pin.name] = (
            metadata.get("License-Expression") or "",
            classifiers,
            metadata.get("License") or "",
        )
    assert len(licences) > 100
    assert [name for name, found in licences.items() if not any(found)] == []
    gpl = {name for name, found in licences.items() if is_gpl(*found)}
    assert gpl <= set(CHOICE)
    assert not set(CHOICE) & set(PINNED)
