import type { Regression } from '../experiments/regress/regress.ts';
import { pathText, renderProblems, ScenarioError } from '../scenario/scenario-error.ts';
import { lineAndColumn } from '../scenario/source.ts';
import { type Finding, findings, subjectOf } from './regression-findings.ts';

/** Most annotations that GitHub shows of one kind. */
const mostAnnotations = 10;

/** Findings that weigh, as GitHub's workflow commands: each stands at its scenario in the suite's file. */
export function regressionAnnotations(regression: Regression): string {
  const weighty = findings(regression).filter(({ weight }) => weight !== 'note');
  return weighty
    .slice(0, mostAnnotations)
    .map((finding) => {
      const at = `file=${property(regression.suite.file)}${finding.line === undefined ? '' : `,line=${String(finding.line)}`}`;
      return `::error ${at},title=${property(subjectOf(finding))}::${data([finding.title, ...finding.lines].join('\n'))}\n`;
    })
    .join('');
}

/** An error that left no verdict, as workflow commands: each mistake where it is written, anything else at the suite's file. */
export function errorAnnotations(file: string, error: Error): string {
  const at = (name: string, place: string, message: string): string =>
    `::error file=${property(name)}${place},title=no verdict::${data(message)}\n`;
  if (!(error instanceof ScenarioError)) return at(file, '', error.message);
  return error.issues
    .slice(0, mostAnnotations)
    .map((issue) => {
      const { place, path, message } = issue;
      if (place.source.kind !== 'file' || place.offset === undefined) return at(file, '', renderProblems([issue]));
      const { line, column } = lineAndColumn(place);
      return at(place.source.name, `,line=${String(line)},col=${String(column)}`, [pathText(path), message].filter(Boolean).join(': '));
    })
    .join('');
}

/** As JUnit's XML: that what is done now was accepted. */
export const acceptedJunit = (suite: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(`fenshi regress ${suite}`)}">\n  <testsuite name="${xml(suite)}" tests="1" failures="0">\n    <testcase classname="${xml(suite)}" name="accepted"/>\n  </testsuite>\n</testsuites>\n`;

/** As JUnit's XML: that there is no verdict. */
export const noVerdictJunit = (suite: string, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(`fenshi regress ${suite}`)}">\n  <testsuite name="${xml(suite)}" tests="1" failures="1">\n    <testcase classname="${xml(suite)}" name="verdict">\n      <failure type="no verdict" message="no verdict">${xml(message)}</failure>\n    </testcase>\n  </testsuite>\n</testsuites>\n`;

// As the runner's own toolkit writes them.
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** As JUnit's XML: a suite for each scenario, a test for each strategy's behaviour and each of its metrics. */
export function regressionJunit(regression: Regression): string {
  const found = findings(regression);
  const suites = regression.cases.map(({ name, strategies, broken }) => {
    const tests = [
      test(name, 'scenario', found.find((each) => each.case === name && each.about === 'scenario')),
      ...broken.map(({ strategy }) => test(`${name}.${strategy}`, 'behaviour', found.find((each) => each.case === name && each.strategy === strategy))),
      ...strategies.flatMap(({ strategy, metrics }) => {
        const own = found.filter((each) => each.case === name && each.strategy === strategy);
        return [
          test(`${name}.${strategy}`, 'behaviour', own.find(({ about }) => about === 'behaviour')),
          ...metrics.map(({ metric }) => test(`${name}.${strategy}`, metric, own.find(({ about }) => about === metric))),
        ];
      }),
    ]; // prettier-ignore
    const failures = tests.filter((each) => each.includes('<failure')).length;
    return `  <testsuite name="${xml(name)}" tests="${String(tests.length)}" failures="${String(failures)}">\n${tests.join('')}  </testsuite>\n`;
  });
  const { speed } = regression;
  if (speed !== undefined) suites.push(`  <testsuite name="speed">\n${test('speed', 'speed', found.find(({ about }) => about === 'speed'))}  </testsuite>\n`); // prettier-ignore
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(`fenshi regress ${regression.suite.name}`)}">\n${suites.join('')}</testsuites>\n`;
}

function test(classname: string, name: string, finding: Finding | undefined): string {
  const head = `    <testcase classname="${xml(classname)}" name="${xml(name)}"`;
  if (finding === undefined || finding.weight === 'note') return `${head}/>\n`;
  const type = finding.weight === 'failed' ? 'regression' : 'no verdict';
  return `${head}>\n      <failure type="${type}" message="${xml(finding.title)}">${xml(finding.lines.join('\n'))}</failure>\n    </testcase>\n`;
}

const xml = (text: string): string =>
  text
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
