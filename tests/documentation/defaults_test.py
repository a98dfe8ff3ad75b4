"""Where a page, or the OpenAPI document, states a setting's default, it is the one that the service has.

The form is "`NAME` (VALUE by default)", or "(`NAME`, VALUE by default)".
"""

import re
import subprocess
import unittest

import service

STATED = re.compile(r"`([A-Z][A-Z_]+)`(?:,|\s\()\s*([\d,.]+)(?:\s(\w+))?\sby\sdefault")
UNITS = {"": 1, "s": 1, "seconds": 1, "minutes": 60, "hours": 3600, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
OPENAPI = service.REPOSITORY / "src" / "http" / "openapi" / "openapi.json"
PAGES = [*service.REPOSITORY.glob("*.md"), *(service.REPOSITORY / "docs").glob("*.md"), OPENAPI]


def defaults():
    example = subprocess.run([service.UBIETYD, "--print-env-example"], capture_output=True, text=True, check=True,
                             timeout=service.PATIENCE).stdout
    return dict(re.findall(r"^# ([A-Z_]+)=(.*)$", example, re.MULTILINE))


class Defaults(unittest.TestCase):
    def test_the_stated_one_is_the_default(self):
        real = defaults()
        found = 0
        for page in PAGES:
            for name, value, unit in STATED.findall(page.read_text(encoding="utf-8")):
                with self.subTest(f"{page.name} {name}"):
                    self.assertEqual(float(value.replace(",", "")) * UNITS[unit], float(real[name]))
                    found += 1
        self.assertGreaterEqual(found, 15)

    def test_what_stale_means_is_said_where_it_is_asked_for(self):
        for page in (OPENAPI, service.REPOSITORY / "docs" / "API.md"):
            self.assertIn("STALE_AFTER", [name for name, _, _ in STATED.findall(page.read_text(encoding="utf-8"))])


if __name__ == "__main__":
    unittest.main()
