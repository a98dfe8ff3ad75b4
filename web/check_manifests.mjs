// check_manifests.mjs FILE…: prints what in these Kubernetes manifests is unknown, missing or malformed, and fails if
// anything is. No cluster is asked. The API server ignores a misspelt optional field; here the type checker finds it.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { parseAllDocuments } from "yaml";

const options = {
  noEmit: true, strict: true, skipLibCheck: true, types: [],
  module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16,
};

async function objectsIn(file) {
  const objects = [];
  for (const document of parseAllDocuments(await readFile(file, "utf8"))) {
    if (document.errors.length > 0) throw document.errors[0];
    const object = document.toJS();
    if (object === null) continue;
    objects.push({ object, name: `${file}: ${object.kind} ${object.metadata?.name}`, model: `${object.apiVersion}/${object.kind}` });
  }
  return objects;
}

// Each object as a literal of its type, in a file that exists only for the compiler.
function typeFaults(objects) {
  const sources = new Map(objects.map(({ object, model }, index) => [
    fileURLToPath(new URL(`manifest${index}.ts`, import.meta.url)),
    `import type { I${object.kind} as T } from "kubernetes-models/${model}";\nexport const o: T = ${JSON.stringify(object)};\n`,
  ]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => sources.has(file) || fileExists.call(host, file);
  host.getSourceFile = (file, ...rest) => (sources.has(file)
    ? ts.createSourceFile(file, sources.get(file), ...rest) : getSourceFile.call(host, file, ...rest));
  const names = [...sources.keys()];
  return ts.getPreEmitDiagnostics(ts.createProgram(names, options, host)).map((found) => {
    const place = objects[names.indexOf(found.file?.fileName)]?.name ?? "TypeScript";
    return `${place}: ${ts.flattenDiagnosticMessageText(found.messageText, " ")}`;
  });
}

// What types do not show: patterns and ranges.
async function valueFaults({ object, name, model }) {
  const Model = (await import(`kubernetes-models/${model}`))[object.kind];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${name}: ${error.message}`];
  }
}

const objects = (await Promise.all(process.argv.slice(2).map(objectsIn))).flat();
const faults = [...typeFaults(objects), ...(await Promise.all(objects.map(valueFaults))).flat()];
if (objects.length === 0) faults.push("there is no manifest");
for (const fault of faults) console.log(fault);
process.exit(faults.length === 0 ? 0 : 1);
