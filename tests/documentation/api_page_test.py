"""Each command of docs/API.md, in the order of the page, gives the answer that stands below it."""

import contextlib
import unittest

import api_page
import document
import service


class ApiPage(unittest.TestCase):
    def test_every_command_gives_the_answer_that_is_shown(self):
        commands = api_page.commands(api_page.PAGE.read_text(encoding="utf-8"))
        with contextlib.ExitStack() as running:
            for command in commands:
                if command.settings is not None:
                    running.close()
                    away = "DATABASE_URL" in command.settings
                    current = service.Service(ready=not away, **command.settings)
                    api_page.run(command.preparation, current)
                    running.enter_context(current)
                    continue
                with self.subTest(f"docs/API.md:{command.line}"):
                    self.assertIsNotNone(command.answer, "no answer is shown")
                    self.assertEqual(api_page.differences(command.answer, api_page.run(command.text, current)), [])

    def test_every_path_is_on_the_page(self):
        page = api_page.PAGE.read_text(encoding="utf-8")
        text = (service.REPOSITORY / "src" / "http" / "openapi" / "openapi.json").read_text(encoding="utf-8")
        for path, method, _ in document.Document(text).operations():
            if "{file}" not in path:
                self.assertIn(f"`{method.upper()} {path}`", page)


if __name__ == "__main__":
    unittest.main()
