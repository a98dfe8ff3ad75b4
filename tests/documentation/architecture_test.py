"""docs/ARCHITECTURE.md lists every lock of src/ and no other, and every room."""

import re
import unittest

import service

PAGE = (service.REPOSITORY / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
SOURCES = service.REPOSITORY / "src"
MUTEX = re.compile(r"^( +)(?:mutable )?(?:std::)?(?:mutex|shared_mutex|Mutex) \w+_\b.*;", re.MULTILINE)
CLASS = re.compile(r"^( *)(?:class|struct) (?:\w+\([^)]*\) )?(\w+)[^;]*\{$", re.MULTILINE)
WRAPPER = "thread_safety.hpp"  # of std::mutex, with Clang's annotations


def owner_of(member, text):
    """The class that a member is declared in: the last one before it that is indented less."""
    return [found[2] for found in CLASS.finditer(text, 0, member.start()) if len(found[1]) < len(member[1])][-1]


def owners():
    found = set()
    for path in [*SOURCES.rglob("*.hpp"), *SOURCES.rglob("*.cpp")]:
        if path.stem.endswith("_test") or path.name == WRAPPER:
            continue
        text = path.read_text(encoding="utf-8")
        found.update(owner_of(member, text) for member in MUTEX.finditer(text))
    return found


def first_column(heading):
    """The names in the first column of the first table below a heading."""
    rows = re.search(r"^\|.*?(?=^[^|]|\Z)", PAGE[PAGE.index(heading):], re.DOTALL | re.MULTILINE)[0].split("\n")[2:]
    return {name for row in rows if row for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


class Architecture(unittest.TestCase):
    def test_locks(self):
        self.assertGreater(len(owners()), 5)
        self.assertEqual(first_column("### Locks"), owners())

    def test_rooms(self):
        rooms = {f"{path.name}/" for path in SOURCES.iterdir() if path.is_dir()}
        self.assertEqual(first_column("## The rooms"), rooms)


if __name__ == "__main__":
    unittest.main()
