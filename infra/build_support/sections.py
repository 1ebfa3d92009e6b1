"""Runs the sections of a check side by side, each as a process, and prints the output of each in one piece."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# The machine that counts has two cores. Cargo and the tests use both, but often wait: for a download, a lock, the last crate.
AT_ONCE = 2
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Section:
    """One line of the summary. `after`: the sections that must have ended, passed or not, before this one starts."""

    name: str
    after: tuple[str, ...] = ()


@dataclass
class Running:
    section: Section
    process: subprocess.Popen
    log: Path
    began: float


def run_all(sections: list[Section], command: list[str], logs: Path) -> bool:
    """Runs `command` with each section's name, and reports. Whether all of them exited with 0.

    Sections start in the given order as soon as they can. One that is not in the list is not waited for.
    """
    logs.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    waiting, running, results = list(sections), [], {}
    while waiting or running:
        unfinished = {section.name for section in waiting} | {one.section.name for one in running}
        ready = [section for section in waiting if not unfinished & set(section.after)]
        for section in ready[:AT_ONCE - len(running)]:
            waiting.remove(section)
            running.append(start(section, command, logs))
            print(f"[{time.monotonic() - began:5.0f} s] {section.name} started", flush=True)
        time.sleep(POLL_SECONDS)
        for one in [one for one in running if one.process.poll() is not None]:
            running.remove(one)
            results[one.section.name] = one.process.returncode == 0, time.monotonic() - one.began
            report(one, *results[one.section.name])
    print("=== summary")
    for section in sections:
        passed, seconds = results[section.name]
        print(f"{'ok    ' if passed else 'FAILED'} {section.name:<14}{seconds:6.0f} s")
    passed = sum(passed for passed, _ in results.values())
    print(f"{passed} of {len(sections)} sections passed in {time.monotonic() - began:.0f} s", flush=True)
    return passed == len(sections)


def start(section: Section, command: list[str], logs: Path) -> Running:
    log = logs / f"{section.name}.log"
    with log.open("wb") as file:
        process = subprocess.Popen([*command, section.name], stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    return Running(section, process, log, time.monotonic())


def report(one: Running, passed: bool, seconds: float) -> None:
    print(f"\n=== {one.section.name}: {'ok' if passed else 'FAILED'} in {seconds:.0f} s", flush=True)
    sys.stdout.buffer.write(one.log.read_bytes())
    sys.stdout.flush()
