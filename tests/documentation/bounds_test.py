"""The bounds of a report's numbers are the same everywhere that they stand. The code's constants come first; a change of
one makes this test name every other place. CONTRIBUTING.md has the same list for people."""

import contextlib
import json
import re
import sqlite3
import subprocess
import tempfile
import unittest

import service
from postgres import Postgres

SOURCES = service.REPOSITORY / "src"
CONSTANTS = SOURCES / "domain" / "status.hpp"
DOCS = service.REPOSITORY / "docs"
SCHEMAS = {"battery_level": "BatteryLevel", "rssi": "Rssi"}
HEADERS = {"device_id": "device_id.hpp", "key_name": "api_key.hpp"}
INSERT = ("INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at) "
          "VALUES ('bounds', {time}, {battery_level}, {rssi}, {online}, {time})")


def bounds():
    """Of each field, its lowest and highest value."""
    text = CONSTANTS.read_text(encoding="utf-8")
    return {field: tuple(int(re.search(rf"\b{end}_{field} = (-?\d+)", text)[1]) for end in ("min", "max"))
            for field in SCHEMAS}


def migrate(url):
    subprocess.run([service.UBIETYD, "migrate", "up"], check=True, capture_output=True, timeout=service.PATIENCE,
                   env={"DATABASE_URL": url})


class Bounds(unittest.TestCase):
    def test_openapi(self):
        document = json.loads((SOURCES / "http" / "openapi" / "openapi.json").read_text(encoding="utf-8"))
        for field, name in SCHEMAS.items():
            schema = document["components"]["schemas"][name]
            self.assertEqual((schema["minimum"], schema["maximum"]), bounds()[field], field)

    def test_pages(self):
        api, formats, contributing = (path.read_text(encoding="utf-8").replace("−", "-") for path in (
            DOCS / "API.md", DOCS / "FORMATS.md", service.REPOSITORY / "CONTRIBUTING.md"))
        for field, (lowest, highest) in bounds().items():
            self.assertIn(f"| `{field}` | an integer from {lowest} to {highest}", api)
        (lowest_battery, highest_battery), (lowest, highest) = bounds().values()
        self.assertIn(f"| battery level | `smallint`, {lowest_battery} to {highest_battery} percent |", formats)
        self.assertIn(f"| RSSI | `smallint`, {lowest} to {highest} dBm |", formats)
        self.assertIn(f"battery level: {lowest_battery} to {highest_battery} |", formats)
        self.assertIn(f"RSSI + {-lowest}: 0 to {highest - lowest} |", formats)
        row, = re.findall(r"^\| the range of .*$", contributing, re.MULTILINE)
        for place in (CONSTANTS, SOURCES / "http" / "openapi" / "openapi.json", DOCS / "API.md", DOCS / "FORMATS.md",
                      service.REPOSITORY / "migrations"):
            self.assertIn(f"`{place.relative_to(service.REPOSITORY)}", row)

    def test_lengths(self):
        document = json.loads((SOURCES / "http" / "openapi" / "openapi.json").read_text(encoding="utf-8"))
        api, formats = ((DOCS / name).read_text(encoding="utf-8") for name in ("API.md", "FORMATS.md"))
        for constant, schema, row, format_row in (
                ("device_id", "DeviceId", "device_id", "| a device id | `text COLLATE \"C\"`, 1 to {} characters |"),
                ("key_name", "KeyName", "name", "| `key_name` | what or whom it is for, 1 to {} characters |")):
            source = (SOURCES / "domain" / HEADERS[constant]).read_text(encoding="utf-8")
            longest = int(re.search(rf"max_{constant}_length = (\d+)", source)[1])
            self.assertEqual(document["components"]["schemas"][schema]["maxLength"], longest)
            self.assertIn(f"| `{row}` | a string of 1 to {longest} Unicode characters", api)
            self.assertIn(format_row.format(longest), formats)

    def test_no_other_source_repeats_them(self):
        lowest, _ = bounds()["rssi"]
        for path in [*SOURCES.rglob("*.cpp"), *SOURCES.rglob("*.hpp")]:
            if path != CONSTANTS and not path.stem.endswith("_test"):
                self.assertNotRegex(path.read_text(encoding="utf-8"), rf"(?<![\d.]){-lowest}(?![\d.])", path)

    def check_constraints(self, insert):
        """`insert` returns whether the store takes a row with these values."""
        middle = {field: sum(ends) // 2 for field, ends in bounds().items()}
        for field, (lowest, highest) in bounds().items():
            for value, is_taken in ((lowest - 1, False), (lowest, True), (highest, True), (highest + 1, False)):
                self.assertEqual(insert({**middle, field: value}), is_taken, f"{field} {value}")

    def test_constraints_of_sqlite(self):
        with tempfile.TemporaryDirectory() as folder:
            migrate(f"sqlite:{folder}/ubiety.db")
            with contextlib.closing(sqlite3.connect(f"{folder}/ubiety.db")) as database:
                def insert(values):
                    try:
                        database.execute(INSERT.format(time=1, online=1, **values))
                        return True
                    except sqlite3.IntegrityError:
                        return False
                self.check_constraints(insert)

    def test_constraints_of_postgresql(self):
        with Postgres() as postgres:
            migrate(postgres.url("postgres", "postgres"))

            def insert(values):
                try:
                    postgres.execute("postgres", "postgres", INSERT.format(time="now()", online="true", **values))
                    return True
                except subprocess.CalledProcessError as error:
                    self.assertIn("23514", error.stderr)  # check_violation
                    return False
            self.check_constraints(insert)


if __name__ == "__main__":
    unittest.main()
