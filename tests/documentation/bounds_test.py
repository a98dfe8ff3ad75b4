"""The bounds of a report's numbers are the same everywhere that they stand. The code's constants come first; a change of
one makes this test name every other place. CONTRIBUTING.md has the same list for people."""

import contextlib
import json
import re
import sqlite3
import subprocess
import tempfile
import unittest
import zlib

import service
from postgres import Postgres

SOURCES = service.REPOSITORY / "src"
CONSTANTS = SOURCES / "domain" / "status.hpp"
DOCS = service.REPOSITORY / "docs"
SCHEMAS = {"battery_level": "BatteryLevel", "rssi": "Rssi"}
HEADERS = {"device_id": "status.hpp", "key_name": "api_key.hpp"}
NOW = 1_800_000_000_000_000  # microseconds


def bounds():
    """Of each field, its lowest and highest value."""
    text = CONSTANTS.read_text(encoding="utf-8")
    return {field: tuple(int(re.search(rf"\b{end}_{field} = (-?\d+)", text)[1]) for end in ("min", "max"))
            for field in SCHEMAS}


def row_with(battery_level, rssi):
    """A row of the log with one update, as docs/FORMATS.md describes it; None if the values have no bytes."""
    lowest, _ = bounds()["rssi"]
    values = (battery_level << 1 | 1, rssi - lowest)
    if not all(0 <= value < 256 for value in values):
        return None
    row = bytes((1, 1, 0, 6)) + b"bounds" + varint(NOW << 1) + varint(0) + bytes(values)
    return row + zlib.crc32(row).to_bytes(4, "big")


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(encoded + bytes((number,)))


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
        for place in (CONSTANTS, SOURCES / "http" / "openapi" / "openapi.json", DOCS / "API.md", DOCS / "FORMATS.md"):
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

    def check_readers(self, reads):
        """`reads` returns whether the store's log, with one update that has these values, can be read."""
        middle = {field: sum(ends) // 2 for field, ends in bounds().items()}
        for field, (lowest, highest) in bounds().items():
            for value, is_possible in ((lowest - 1, False), (lowest, True), (highest, True), (highest + 1, False)):
                self.assertEqual(reads({**middle, field: value}), is_possible, f"{field} {value}")

    def verified(self, url):
        """Whether `ubietyd verify` finds nothing that it cannot read."""
        finished = subprocess.run([service.UBIETYD, "verify"], capture_output=True, text=True, check=False,
                                  timeout=service.PATIENCE, env={"DATABASE_URL": url})
        self.assertIn("0 differences", finished.stdout)
        self.assertEqual(finished.returncode != 0, "cannot be read" in finished.stdout)
        return finished.returncode == 0

    def test_sqlite_reads_no_other_values(self):
        with tempfile.TemporaryDirectory() as folder:
            migrate(f"sqlite:{folder}/ubiety.db")
            with contextlib.closing(sqlite3.connect(f"{folder}/ubiety.db")) as database:
                database.execute("INSERT INTO node_stream (number, id, opened_at, open) VALUES (1, 1, 0, 0)")

                def reads(values):
                    row = row_with(**values)
                    if row is None:
                        return False  # no byte holds the value
                    database.execute("INSERT OR REPLACE INTO update_log VALUES (?, ?, 1, ?)", ((1 << 40) + 1, NOW, row))
                    database.commit()
                    return self.verified(f"sqlite:{folder}/ubiety.db")
                self.check_readers(reads)

    def test_postgresql_reads_no_other_values(self):
        with Postgres() as postgres:
            url = postgres.url("postgres", "postgres")
            migrate(url)
            postgres.execute("postgres", "postgres", "INSERT INTO node_stream (id, open) VALUES (1, false)")

            def reads(values):
                postgres.execute("postgres", "postgres", f"""
                    DELETE FROM update_log;
                    INSERT INTO update_log VALUES (1, 1, now(), 'bounds', ARRAY[now()], ARRAY[{values["battery_level"]}],
                                                   ARRAY[{values["rssi"]}], ARRAY[true], ARRAY[now()])""")
                return self.verified(url)
            self.check_readers(reads)


if __name__ == "__main__":
    unittest.main()
