import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Two lints in one: typescript-eslint's strict rules, and the rules that keep results the same bytes on every machine, Node version and number of workers
 * (ARCHITECTURE.md, determinism). Formatting is prettier's. The planted violations of test/house/lint.test.ts prove that each rule below bites.
 */

/** Rooms whose code can reach a result: no clock, no machine, no locale. */
const sameBytesRooms = 'base,stats,random,engine,traffic,serving,cluster,placement,operations,strategies,scenario,metrics,simulation,verify';

/** What ECMA-262 defines to the last bit; everything else in Math is "implementation-approximated" or random. */
const exactMath = 'abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|E|LN10|LN2|LOG10E|LOG2E|PI|SQRT1_2|SQRT2';

const inexactSyntax = [
  {
    selector: `MemberExpression[object.name='Math'][property.name!=/^(${exactMath})$/]`,
    message: 'Not the same bits on every engine: use log and exp of base/elementary.ts, products and Math.sqrt.',
  },
  { selector: "MemberExpression[object.name='Math'][computed=true]", message: 'Name the function of Math, so that the lint can see it.' },
  {
    selector: ":not(MemberExpression) > Identifier[name='Math']",
    message: 'Write Math.name out where it is used, so that the lint can see it.',
  },
  {
    selector: "BinaryExpression[operator='**'], AssignmentExpression[operator='**=']",
    message: 'Not the same bits on every engine: multiply.',
  },
  {
    selector:
      'MemberExpression[property.name=/^(localeCompare|toLocale.*)$/], MemberExpression[property.value=/^(localeCompare|toLocale.*)$/]',
    message: 'Depends on the locale: compare with < and format by hand.',
  },
  { selector: 'ForInStatement', message: 'Integer-like keys come first: use a Map, an array or Object.entries of known names.' },
];
const exit = {
  selector: "MemberExpression[object.name='process'][property.name=/^(exit|abort|reallyExit)$/]",
  message: 'Loses what is still being written: set process.exitCode (only cli/exit.ts may end the process).',
};
const defaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export a name, so that a thing is called the same everywhere.' };
const localTime = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
    message: 'Reads the clock of the machine.',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name!='UTC']",
    message: 'Only Date.UTC: the rest reads the clock or the time zone of the machine.',
  },
  {
    selector:
      'MemberExpression[property.name=/^(get|set)(FullYear|Year|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)$/]',
    message: 'Depends on the time zone of the machine: use the UTC methods.',
  },
];
const seeding = {
  selector:
    "CallExpression[callee.name='seedrandom'], NewExpression[callee.name='seedrandom'], CallExpression[callee.property.name='alea'][arguments.length=0]",
  message: 'Only seedrandom.alea(name): the others are slower, or seed themselves.',
};

const global = (name, message) => ({ name, message });
const locale = global('Intl', 'Depends on the locale data of the machine.');
const output = global('console', 'Exits 0 on a full disk: write through the output room or process.stdout.');
const clock = global('Date', 'Simulated time is integer µs; labels come from base/wall-clock.ts.');
const machine = [
  ...['performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) =>
    global(name, 'No real time in the model.'),
  ),
  ...['process', 'globalThis', 'global', 'navigator', 'crypto', 'fetch', 'WeakRef', 'FinalizationRegistry'].map((name) =>
    global(name, 'The model knows nothing of the machine it runs on.'),
  ),
];

const fileModules = ['fs', 'fs/promises', 'node:fs', 'node:fs/promises'];
const machineModules = [
  'os',
  'process',
  'child_process',
  'worker_threads',
  'timers',
  'timers/promises',
  'perf_hooks',
  'http',
  'https',
  'net',
  'dns',
  'cluster',
  'v8',
  'vm',
  'inspector',
  'async_hooks',
].flatMap((name) => [name, `node:${name}`]);
const approximate = [
  'shuffle',
  'shuffler',
  'bin',
  'histogram',
  'nice',
  'ticks',
  'tickIncrement',
  'tickStep',
  'thresholdFreedmanDiaconis',
  'thresholdScott',
  'thresholdSturges',
];

/** What a file may not import, by what it may do. */
const imports = ({ files, random, anyMachine }) => [
  'error',
  {
    paths: [
      ...(files
        ? []
        : fileModules.map((name) => ({
            name,
            message: 'Files are read in scenario/ (read, files) and written in output/, experiments/ and cli/.',
          }))),
      ...(anyMachine ? [] : machineModules.map((name) => ({ name, message: 'The model knows nothing of the machine it runs on.' }))),
      ...(anyMachine
        ? []
        : ['crypto', 'node:crypto'].map((name) => ({
            name,
            allowImportNames: ['createHash'],
            message: 'Only hashes: chance comes from random/streams.ts.',
          }))),
      ...(random ? [] : [{ name: 'seedrandom', message: 'Chance comes from random/streams.ts.' }]),
      { name: 'd3-array', importNames: approximate, message: 'Uses Math.random, Math.pow or Math.log inside.' },
    ],
    patterns: [{ regex: '^(d3-random|@stdlib/)', message: 'Chance comes from random/variates.ts.' }],
  },
];

export default defineConfig([
  globalIgnores(['dist/', 'coverage/', 'results/', 'test/golden/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      // Ordinary English in messages: numbers and booleans print as they are.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // There are no enums (erasableSyntaxOnly), and looking for them takes a fifth of the lint's time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // Takes branded numbers (Time, Duration) for no numbers.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...inexactSyntax, exit, defaultExport],
      'no-restricted-globals': ['error', locale, output],
      'no-restricted-imports': imports({ files: true, random: false, anyMachine: true }),
    },
  },
  {
    files: ['src/report/**/*.ts', 'src/index.ts'],
    rules: { 'no-restricted-imports': imports({ files: false, random: false, anyMachine: true }) },
  },
  {
    files: [`src/{${sameBytesRooms}}/**/*.ts`],
    rules: {
      'no-restricted-globals': ['error', locale, output, clock, ...machine],
      'no-restricted-imports': imports({ files: false, random: false, anyMachine: false }),
    },
  },
  {
    files: ['src/random/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...inexactSyntax, exit, defaultExport, seeding],
      'no-restricted-imports': imports({ files: false, random: true, anyMachine: false }),
    },
  },
  {
    files: ['src/scenario/{read,files,yaml}.ts', 'src/scenario/{read,files,yaml}-*.ts'],
    rules: { 'no-restricted-imports': imports({ files: true, random: false, anyMachine: false }) },
  },
  {
    files: ['src/base/wall-clock.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...inexactSyntax, exit, defaultExport, ...localTime],
      'no-restricted-globals': ['error', locale, output, ...machine],
    },
  },
  {
    // Published coefficients keep all their digits, so that they can be compared with the source.
    files: ['src/base/elementary.ts', 'src/random/variates.ts', 'src/stats/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-loss-of-precision': 'off' },
  },
  {
    files: ['src/cli/exit.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inexactSyntax, defaultExport] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'module', globals: { URL: 'readonly', process: 'readonly', console: 'readonly' } },
  },
]);
