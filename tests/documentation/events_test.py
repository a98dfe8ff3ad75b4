"""The events of the log that pages for operators quote are those that the service writes."""

import re
import unittest

import service

PAGES = [service.REPOSITORY / "docs" / name for name in ("OPERATIONS.md", "TRACING.md")]
SOURCES = service.REPOSITORY / "src"
CODE_BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
EVENT = re.compile(r"`((?!ubietyd|systemctl)[a-z][a-z',]*(?: [a-z',:]+)+)`")  # several plain words


def literals():
    """The sources' text, with string literals that stand beside each other joined."""
    sources = [path for pattern in ("*.cpp", "*.hpp") for path in SOURCES.rglob(pattern)
               if not path.stem.endswith("_test")]
    return re.sub(r'"\s*\n\s*"', "", "\n".join(path.read_text(encoding="utf-8") for path in sources))


class Events(unittest.TestCase):
    def test_quoted_events_are_written(self):
        written, found = literals(), 0
        for page in PAGES:
            prose = re.sub(r"\s+", " ", CODE_BLOCK.sub("", page.read_text(encoding="utf-8")))
            for event in set(EVENT.findall(prose)):
                with self.subTest(f"{page.name}: {event}"):
                    self.assertTrue(event in written, "the service does not write this")
                found += 1
        self.assertGreater(found, 15)


if __name__ == "__main__":
    unittest.main()
