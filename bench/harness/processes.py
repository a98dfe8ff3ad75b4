"""Programs that are started for a measurement and end with it, and what they cost."""

import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time
import typing

PATIENCE = 60.0  # seconds, for a program to start or to end
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Failed(RuntimeError):
    """A program did not do what the measurement needs; the text says what it said."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_program(name: str, *folders: str) -> str:
    found = shutil.which(name, path=os.pathsep.join((*folders, os.environ.get("PATH", ""), "/usr/sbin")))
    if found is None:
        raise Failed(f"there is no program {name}; scripts/setup bench installs what bench/run needs")
    return found


def wait_until(condition: typing.Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {patience:g} s")
        time.sleep(0.01)


class Measured(typing.Protocol):
    """What a measurement has to know of a program, or of several."""

    def cpu_seconds(self) -> float: ...

    def memory(self) -> float: ...


class Process:
    """One program. It is stopped from here alone, not by the terminal's Ctrl-C, and by the kernel should the harness be
    killed."""

    def __init__(
        self,
        command: list[str],
        folder: pathlib.Path,
        name: str,
        user: str | None = None,
        environment: dict[str, str] | None = None,
        end_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.end_by = end_by
        self.log = folder / f"{name}.log"
        guard = ["setpriv", "--pdeathsig", end_by.name.removeprefix("SIG")]
        if user is not None:
            account = pwd.getpwnam(user)
            guard += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        with self.log.open("ab") as output:
            self.child = subprocess.Popen(
                [*guard, "--", *command],
                cwd=folder,
                env={"PATH": os.environ.get("PATH", ""), **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self.child.pid

    def wait_until_ready(self, is_ready: typing.Callable[[], bool]) -> None:
        def ready() -> bool:
            if self.child.poll() is not None:
                raise Failed(f"{self.name} ended with {self.child.returncode}:\n{self.tail()}")
            return is_ready()

        wait_until(ready, f"{self.name} is ready")

    def stop(self) -> None:
        if self.child.poll() is None:
            self.child.send_signal(self.end_by)
            try:
                self.child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]

    def family(self) -> list[int]:
        """The process and its children, such as nginx's workers."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        """Also of children that have ended, such as PostgreSQL's autovacuum."""
        return sum(map(cpu_seconds_of, self.family())) + cpu_seconds_of(self.pid, of_ended_children=True)

    def memory(self) -> float:
        """Resident, in megabytes of a million bytes."""
        return sum(map(resident_bytes_of, self.family())) / 1e6


def cpu_seconds_of(pid: int, of_ended_children: bool = False) -> float:
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    first = 13 if of_ended_children else 11
    return (int(fields[first]) + int(fields[first + 1])) / TICKS_PER_SECOND  # in user mode, and in the kernel for it


def resident_bytes_of(pid: int) -> int:
    try:
        pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def run(command: list[str], text_in: str | None = None, patience: float = 600.0,
        folder: pathlib.Path | None = None) -> str:  # fmt: skip
    """Runs a program to its end and gives what it printed."""
    try:
        done = subprocess.run(
            ["setpriv", "--pdeathsig", "KILL", "--", *command],
            input=text_in, capture_output=True, text=True, timeout=patience, check=False, cwd=folder,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{command[0]} took longer than {patience:g} s") from late
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"[-3000:])
    return done.stdout
