"""Every alert has its section in docs/OPERATIONS.md, in the same order, and no section is of an alert that is gone."""

import re
import unittest

import service

ALERTS = service.REPOSITORY / "deploy" / "prometheus" / "alerts.yml"
PAGE = service.REPOSITORY / "docs" / "OPERATIONS.md"


class Alerts(unittest.TestCase):
    def test_each_has_its_section(self):
        names = re.findall(r"- alert: (\w+)", ALERTS.read_text(encoding="utf-8"))
        self.assertGreater(len(names), 10)
        self.assertEqual(re.findall(r"^### (Ubiety\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE), names)


if __name__ == "__main__":
    unittest.main()
