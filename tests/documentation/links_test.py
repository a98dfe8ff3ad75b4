"""What a page points to is there: the targets of its links with their headings, and the files that it names."""

import re
import subprocess
import unittest

import service

FOLDERS = r"(?:src|tests|scripts|docs|deploy|migrations|bench|web|tools|cmake)"
CODE_BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(rf"`({FOLDERS}/[\w./-]+)`")
NAMED_SOURCE = re.compile(r"`((?!src/|tests/|bench/|tools/)[a-z]\w*/[\w./-]+\.[ch]pp)`")  # relative to src/
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
BLUEPRINT_PAGE = service.REPOSITORY / "docs" / "BLUEPRINT.md"
BLUEPRINT = service.REPOSITORY.parent / "shared" / "docs" / "seed-blueprint.md"


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=service.REPOSITORY, capture_output=True, text=True, check=False,
                          timeout=service.PATIENCE)


LISTED = git("ls-files", "--cached", "--others", "--exclude-standard").stdout.split("\n")
PAGES = [service.REPOSITORY / name for name in LISTED if name.endswith(".md")]


def is_output(name):
    """Whether it is made by a script, and so not there in a clone."""
    return git("check-ignore", "--quiet", name).returncode == 0


def prose_of(page):
    return CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))


def anchors_of(page):
    """As GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(prose_of(page))}


class Links(unittest.TestCase):
    def test_targets_exist(self):
        found = 0
        for page in PAGES:
            for target in LINK.findall(prose_of(page)):
                if ":" in target:
                    continue
                found += 1
                name, _, anchor = target.partition("#")
                path = (page.parent / name).resolve() if name else page
                with self.subTest(f"{page.relative_to(service.REPOSITORY)}: {target}"):
                    self.assertTrue(path.exists(), "no such file")
                    if anchor:
                        self.assertIn(anchor, anchors_of(path))
        self.assertGreater(found, 100)

    def test_files_that_are_named_exist(self):
        found = 0
        for page in PAGES:
            prose = prose_of(page)
            for name in [*NAMED_FILE.findall(prose), *(f"src/{name}" for name in NAMED_SOURCE.findall(prose))]:
                found += 1
                with self.subTest(f"{page.relative_to(service.REPOSITORY)}: {name}"):
                    self.assertTrue((service.REPOSITORY / name).exists() or is_output(name), "no such file")
        self.assertGreater(found, 100)

    @unittest.skipUnless(BLUEPRINT.is_file(), f"the blueprint is not at {BLUEPRINT}")
    def test_every_section_of_the_blueprint_is_on_its_page(self):
        sections = HEADING.findall(prose_of(BLUEPRINT))[1:]
        self.assertGreater(len(sections), 40)
        self.assertEqual(HEADING.findall(prose_of(BLUEPRINT_PAGE))[1:], sections)


if __name__ == "__main__":
    unittest.main()
