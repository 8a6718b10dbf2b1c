"""Set-up, run, test, check, bench: `python3 packaging/dev.py WORD`. Plain Python 3.11 or newer, nothing else needed.

run     set up if needed and open the program with the sample office (no display: the same job in words, see README)
test    set up if needed, then lint, types, import contract and all tests
check   lint, types and import contract alone
bench   the benchmarks beside their references (further words go to tests.bench)
lock    write the hashed requirement files anew from the .in files
wheels  prove that every locked package has a wheel for every platform we promise
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
BENCH_ENVIRONMENT = ROOT / ".venv-bench"
REQUIREMENTS = ROOT / "packaging" / "requirements"
WINDOWS = os.name == "nt"
PLATFORMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_31", "x86_64-pc-windows-msvc")
PYTHONS = ("3.11", "3.12", "3.13")

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libpulse.so.0": "libpulse0",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libcups.so.2": "libcups2",
}
"""What Qt's xcb plugin loads on a plain Debian, by soname, with the package that brings it (anchors E)."""


BROWSER = {"chromium": "chromium", "chromedriver": "chromium-driver"}
"""Programs that the tests alone use, with the Debian packages that bring them."""


def say(text: str) -> None:
    """Prints a line at once."""
    print(text, flush=True)


def run(command: Sequence[str | Path], **more: object) -> None:
    """Runs a command and ends with its status when it fails."""
    status = subprocess.run([str(part) for part in command], cwd=ROOT, **more).returncode  # type: ignore[call-overload]
    if status:
        raise SystemExit(status)


def in_environment(environment: Path, name: str) -> Path:
    """A program of a virtual environment."""
    return environment / ("Scripts" if WINDOWS else "bin") / (name + (".exe" if WINDOWS else ""))


def bring_packages(packages: list[str]) -> None:
    """Installs Debian packages as root, else prints the one line that does."""
    if not packages:
        return
    if not shutil.which("apt-get"):
        say(f"Missing system libraries, please install the packages that hold: {' '.join(packages)}")
        return
    if os.geteuid() != 0:
        raise SystemExit(f"Missing system packages. Please run once:\n\n    sudo apt-get install -y {' '.join(packages)}\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=quiet)
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=quiet)


def system_libraries() -> None:
    """Brings or names the shared libraries that Qt needs."""
    if WINDOWS or sys.platform == "darwin":
        return
    missing = []
    for soname, package in LIBRARIES.items():
        try:
            ctypes.CDLL(soname)
        except OSError:
            missing.append(package)
    bring_packages(missing)


def system_browser() -> None:
    """Brings the browser in which the county's status page is tried, as root with apt; elsewhere says what the tests will do without it."""
    if WINDOWS or all(map(shutil.which, BROWSER)):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        bring_packages(list(BROWSER.values()))
        return
    said = "fails (CI=true)" if os.environ.get("CI") == "true" else "is skipped, and says so"
    say(f"No Chromium with its driver here: the status page's test in a browser {said}. On Debian: apt-get install {' '.join(BROWSER.values())}")


def uv_program() -> Path:
    """uv: the one on the path, or one installed into an environment of its own."""
    found = shutil.which("uv")
    if found:
        return Path(found)
    own = ROOT / ".venv-uv"
    program = in_environment(own, "uv")
    if not program.exists():
        say("Installing uv …")
        try:
            import ensurepip  # noqa: F401  Debian ships Python without it
        except ImportError:
            bring_packages([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
        venv.create(own, with_pip=True, clear=True)
        run([in_environment(own, "python"), "-m", "pip", "install", "--quiet", "uv"])
    return program


def set_up(environment: Path, lock: str, *, project: bool) -> Path:
    """Makes the environment what its lock file says, if it is not; returns its Python."""
    python = in_environment(environment, "python")
    digest = hashlib.sha256((REQUIREMENTS / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = environment / "locked.sha256"
    if stamp.exists() and stamp.read_text() == digest and python.exists():
        return python
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise SystemExit("Python 3.11, 3.12 or 3.13 is needed.")
    uv = uv_program()
    say(f"Setting up {environment.name} …")
    if not python.exists():
        run([uv, "venv", "--quiet", "--python", sys.executable, environment])
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, REQUIREMENTS / lock])
    if project:
        run([uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--python", python, "--editable", ROOT])
    stamp.write_text(digest)
    return python


def own_python() -> Path:
    """The project's environment, set up."""
    return set_up(ENVIRONMENT, "test.txt", project=True)


def has_display() -> bool:
    """Whether a window can be shown."""
    return WINDOWS or sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def without_a_screen() -> dict[str, str]:
    """The environment in which windows are painted into memory, unless told otherwise."""
    return {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}


def word_run(words: list[str]) -> None:
    """Opens the program with the sample office, or does the demo's work where there is no display."""
    system_libraries()
    python = own_python()
    if has_display():
        run([python, "-m", "jusuo_desktop.cli", "--sample", *words])
        return
    out = ROOT / "build" / "demo"
    say("No display: doing the whole job in words.")
    run([python, "-m", "jusuo_desktop.cli", "demo", "--out", out, *words], env=without_a_screen())
    say(f"Pages, pictures and figures are in {out}")


def word_check(words: list[str]) -> None:
    """Lint, types and import contract."""
    python = own_python()
    run([python, "-m", "ruff", "check", "."])
    run([python, "-m", "ruff", "format", "--check", "--quiet", "."])
    run([python, "-m", "mypy"])
    run([in_environment(ENVIRONMENT, "lint-imports"), "--no-cache"])


def word_test(words: list[str]) -> None:
    """Everything that must hold."""
    system_libraries()
    system_browser()
    python = own_python()
    if not words:
        word_check([])
    run([python, "-m", "pytest", *(words or ["-q", "-n", "2"])], env=without_a_screen())


def npm_peers() -> Path | None:
    """The peers that come from npm, as their lock file says; None where there is no Node: their rows say so."""
    npm = shutil.which("npm")
    if npm is None:
        say("No Node and npm on this machine: PouchDB is left out (on Debian: apt-get install nodejs npm).")
        return None
    place = BENCH_ENVIRONMENT / "npm"
    stamp = place / "locked.sha256"
    digest = hashlib.sha256((REQUIREMENTS / "bench.npm-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        say("Setting up the peers from npm …")
        place.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(REQUIREMENTS / name.replace("package", "bench.npm"), place / name)
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=place, check=True)
        stamp.write_text(digest)
    return place / "node_modules"


def word_bench(words: list[str]) -> None:
    """The benchmarks; the peers live in an environment of their own."""
    system_libraries()
    python = own_python()
    peers = {"JUSUO_BENCH_PYTHON": str(set_up(BENCH_ENVIRONMENT, "bench.txt", project=False))}
    if modules := npm_peers():
        peers["JUSUO_BENCH_NODE_MODULES"] = str(modules)
    run([python, "-m", "tests.bench", *words], env={**without_a_screen(), **peers})


def word_lock(words: list[str]) -> None:
    """Writes the hashed requirement files."""
    uv = uv_program()
    for name in ("run", "test", "bench"):
        command = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-annotate", "--no-header", "--python-version", "3.11"]
        run([uv, *command, f"packaging/requirements/{name}.in", "-o", f"packaging/requirements/{name}.txt", *words])


def word_wheels(words: list[str]) -> None:
    """Resolves the run-time lock for each platform with wheels alone."""
    uv = uv_program()
    for platform in PLATFORMS:
        for python in PYTHONS:
            say(f"{platform}, Python {python}")
            command = ["pip", "install", "--quiet", "--dry-run", "--only-binary", ":all:", "--require-hashes", "--python-platform", platform]
            target = ROOT / "build" / f"wheels-{platform}"
            run([uv, *command, "--python-version", python, "--target", target, "-r", REQUIREMENTS / "run.txt"])


WORDS = {"run": word_run, "test": word_test, "check": word_check, "bench": word_bench, "lock": word_lock, "wheels": word_wheels}


def main() -> None:
    """Does the word."""
    if len(sys.argv) < 2 or sys.argv[1] not in WORDS:
        print(__doc__)
        raise SystemExit(2)
    WORDS[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    main()
