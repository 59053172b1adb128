#!/usr/bin/env python3
"""Pins every package that klark depends on, directly or not, in `[tool.uv] constraint-dependencies`, and writes those that
production needs, with their hashes, into `requirements.txt`.

    python scripts/pin.py            resolves again (`uv lock --upgrade`) and writes both
    python scripts/pin.py --check    reports what is not pinned, or differs in requirements.txt; exits with 1 if anything does
    python scripts/pin.py --sbom FILE    writes the bill of materials of production (CycloneDX 1.5, JSON) and checks it likewise

`uv.lock` itself is not kept, because it holds the addresses of the registry that made it.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
HASHED = ROOT / "requirements.txt"
PRODUCTION = ("uv", "export", "--quiet", "--frozen", "--no-default-groups")
EXPORT = (
    *PRODUCTION,
    "--no-emit-project",
    "--no-annotate",
    "--no-header",
    "--format",
    "requirements-txt",
    "--output-file",
)
BILL = (*PRODUCTION, "--preview-features", "sbom-export", "--format", "cyclonedx1.5", "--output-file")
PINS = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)


def resolved() -> list[str]:
    """Returns the closure of all groups as sorted requirement lines; a package with several versions has a line for each."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return sorted(line for package in packages if "registry" in package["source"] for line in _lines(package))


def _lines(package: dict[str, object]) -> list[str]:
    pin = f"{package['name']}=={package['version']}"
    markers = package.get("resolution-markers", [])
    return [f"{pin} ; {marker}" for marker in markers] if isinstance(markers, list) and markers else [pin]


def written() -> list[str]:
    """Returns the pins in pyproject.toml, sorted."""
    pins: list[str] = tomllib.loads(PROJECT.read_text())["tool"]["uv"]["constraint-dependencies"]
    return sorted(pins)


def write(pins: list[str]) -> None:
    """Replaces the pins in pyproject.toml and leaves the rest of it alone."""
    lines = "".join(f"    {json.dumps(pin)},\n" for pin in pins)
    PROJECT.write_text(PINS.sub(lambda _: f"constraint-dependencies = [\n{lines}]\n", PROJECT.read_text()))


def check() -> int:
    """Resolves under the pins; returns 0 if the closure is exactly the pins, else 1, and prints what differs."""
    subprocess.run(["uv", "lock", "--quiet"], cwd=ROOT, check=True)
    loose = sorted(set(resolved()) ^ set(written()))
    for pin in loose:
        print(f"{pin}: not pinned as resolved; run python scripts/pin.py", file=sys.stderr)
    wrong = [pin for pin in hashed() if pin not in {each.partition(" ;")[0] for each in written()}]
    for pin in wrong:
        print(f"{pin}: stands in {HASHED.name} and is no pin; run python scripts/pin.py", file=sys.stderr)
    return 1 if loose or wrong else 0


def hashed() -> list[str]:
    """The packages of production, as in "django==5.2.9"."""
    return re.findall(r"^[a-z0-9-]+==[^ \n]+", HASHED.read_text(), re.MULTILINE)


def write_bill(path: str) -> int:
    """Writes the bill of materials; returns 0 if its packages are those of requirements.txt, else 1, and prints what differs."""
    subprocess.run(["uv", "lock", "--quiet"], cwd=ROOT, check=True)
    subprocess.run([*BILL, str(Path(path).resolve())], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    components = json.loads(Path(path).read_text())["components"]
    loose = sorted({f"{each['name']}=={each['version']}" for each in components} ^ set(hashed()))
    for pin in loose:
        print(
            f"{pin}: stands in {path} or in {HASHED.name}, and not in both; run python scripts/pin.py", file=sys.stderr
        )
    return 1 if loose else 0


def main(arguments: list[str]) -> int:
    """Pins, or checks the pins; returns the exit status."""
    if arguments == ["--check"]:
        return check()
    if arguments[:1] == ["--sbom"] and len(arguments) == 2:
        return write_bill(arguments[1])
    write([])
    subprocess.run(["uv", "lock", "--upgrade", "--quiet"], cwd=ROOT, check=True)
    write(resolved())
    subprocess.run(["uv", "lock", "--quiet"], cwd=ROOT, check=True)
    subprocess.run([*EXPORT, str(HASHED)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return check()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
