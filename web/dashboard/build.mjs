// Bundles the dashboard: node build.mjs FOLDER. A file's name is made from its content, so browsers keep it for good.
// FOLDER/files.txt lists what is to be embedded, for cmake/EmbedFiles.cmake: a line is PATH|FILE.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const sources = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2]);
rmSync(folder, { recursive: true, force: true });

// plain_intl.ts says why.
const withPlainIntl = {
  name: "plain Intl for uPlot",
  setup({ onLoad }) {
    const replacement = JSON.stringify(path.join(sources, "device/history/plain_intl.ts"));
    onLoad({ filter: /uPlot\.esm\.js$/ }, ({ path: file }) =>
      ({ contents: `import { Intl } from ${replacement};\n${readFileSync(file, "utf8")}` }));
  },
};

const { metafile } = await build({
  absWorkingDir: sources,
  entryPoints: ["main.ts", "first.ts", "all.css", "icon.svg"],
  outdir: folder,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  loader: { ".svg": "copy" },
  plugins: [withPlainIntl],
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "eof", // the licences of what is bundled
  metafile: true,
});

if (!Object.keys(metafile.inputs).some((file) => file.endsWith("plain_intl.ts"))) throw new Error("uPlot has another file now");

const outputs = Object.entries(metafile.outputs).map(([output, { entryPoint, inputs }]) => ({
  name: path.basename(output),
  source: entryPoint ?? Object.keys(inputs)[0], // the icon is copied, and has no entry point
}));

// The name of the file that was made from a source.
function outputOf(source) {
  const found = outputs.find((output) => output.source === source);
  if (!found) throw new Error(`nothing was made from ${source}`);
  return found.name;
}

// The same document serves all pages; each one has the browser fetch its own script early. Addresses are relative, for a
// proxy may have put the service below a path of its own.
function writePage(name, assets, script) {
  const text = readFileSync(path.join(sources, "index.html"), "utf8")
    .replaceAll("{{assets}}", assets)
    .replaceAll("{{page}}", outputOf(script))
    .replace(/{{([\w.]+)}}/g, (_, source) => outputOf(source));
  writeFileSync(path.join(folder, name), text);
}

writePage("fleet.html", "assets", "fleet/page.ts");
writePage("device.html", "../assets", "device/page.ts");
const lines = [
  `/|${folder}/fleet.html`,
  `/device|${folder}/device.html`,
  ...outputs.map(({ name }) => `/assets/${name}|${folder}/${name}`),
];
writeFileSync(path.join(folder, "files.txt"), lines.join("\n") + "\n");
