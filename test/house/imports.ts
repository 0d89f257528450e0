import { posix } from 'node:path';
import ts from 'typescript';

/** The rooms of the house: each imports itself and the rooms before it. */
export const rooms = [
  'base',
  'stats',
  'random',
  'engine',
  'traffic',
  'serving',
  'cluster',
  'placement',
  'operations',
  'strategies',
  'scenario',
  'metrics',
  'simulation',
  'output',
  'experiments',
  'verify',
  'report',
  'cli',
];

/** Path of a file → its text. */
export type Sources = ReadonlyMap<string, string>;

/** What `text` imports: static, dynamic and re-exported, types too. */
export const importsOf = (text: string): string[] => ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);

const target = (from: string, specifier: string): string => posix.normalize(posix.join(posix.dirname(from), specifier));

/** `src/serving/fluid.ts` → `serving`; a file of src itself is no room. */
const roomOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1];

/** Who broke the one-way order of the rooms, one sentence each. */
export function brokenOrder(sources: Sources): string[] {
  const complaints: string[] = [];
  for (const [path, text] of sources) {
    const room = roomOf(path);
    if (room === undefined && path !== 'src/index.ts') complaints.push(`${path} stands in no room`);
    if (room !== undefined && !rooms.includes(room)) complaints.push(`${path} stands in ${room}, which is no room of the house`);
    for (const specifier of importsOf(text).filter((name) => name.startsWith('.'))) {
      const to = target(path, specifier);
      const other = roomOf(to);
      if (!sources.has(to)) complaints.push(`${path} imports ${specifier}, which is no file of src`);
      else if (room === 'cli') {
        if (other !== 'cli' && to !== 'src/index.ts') complaints.push(`${path} imports ${to}: cli uses src/index.ts only`);
      } else if (other === undefined) complaints.push(`${path} imports ${to}: only cli uses it`);
      else if (room === undefined) {
        if (other === 'cli') complaints.push(`${path} imports ${to}: cli stands to its right`);
      } else if (rooms.indexOf(other) > rooms.indexOf(room))
        complaints.push(`${path} imports ${to}: ${other} stands to the right of ${room}`);
    }
  }
  return complaints;
}

/** One cycle of files that import each other, as `a → b → a`; undefined where there is none. */
export function cycle(sources: Sources): string | undefined {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): string | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path].join(' → ');
    const text = sources.get(path);
    if (done.has(path) || text === undefined) return undefined;
    trail.push(path);
    for (const specifier of importsOf(text).filter((name) => name.startsWith('.'))) {
      const found = visit(target(path, specifier));
      if (found !== undefined) return found;
    }
    trail.pop();
    done.add(path);
    return undefined;
  };
  for (const path of sources.keys()) {
    const found = visit(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Packages that are imported without being a dependency of those who install fenshi. */
export function undeclared(sources: Sources, dependencies: readonly string[]): string[] {
  const name = (specifier: string) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  return [...sources].flatMap(([path, text]) =>
    importsOf(text)
      .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:') && !dependencies.includes(name(specifier)))
      .map((specifier) => `${path} imports ${specifier}, which is no dependency`),
  );
}

/** The statements of `text` that are no `export … from`. */
export function notReExported(text: string): string[] {
  const file = ts.createSourceFile('index.ts', text, ts.ScriptTarget.Latest);
  return file.statements
    .filter((statement) => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier))
    .map((statement) => statement.getText(file));
}
