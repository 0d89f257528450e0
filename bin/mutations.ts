import ts from 'typescript';

/** Ways in which a line can be made wrong. */
export const operators = [
  'comparison',
  'sign',
  'off-by-one',
  'dropped-statement',
  'swapped-arguments',
  'wrong-stream',
  'wrong-rank',
] as const;
export type Operator = (typeof operators)[number];

/** One line made wrong. */
export interface Mutation {
  readonly operator: Operator;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The part of the file's text that is replaced, and by what. */
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

const comparisons: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===' };
const signs: Readonly<Record<string, string>> = { '+': '-', '-': '+', '+=': '-=', '-=': '+=' };
/** Objects whose numbers are ranks of events. */
const rankings: readonly string[] = ['eventRank', 'loadRank'];
/** Methods that begin a random stream by its name. */
const streams: readonly string[] = ['stream', 'once'];

/** All mutations of a TypeScript file that change one line; not all of them compile. */
export function mutationsOf(file: string, text: string): readonly Mutation[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutation[] = [];
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const add = (operator: Operator, node: ts.Node, after: string): void => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    const line = lineOf(start);
    const before = text.slice(start, end);
    if (line === lineOf(end) && before !== after) found.push({ operator, file, line, start, end, before, after });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const sign = node.operatorToken.getText(source);
      if (comparisons[sign] !== undefined) add('comparison', node.operatorToken, comparisons[sign]);
      if (signs[sign] !== undefined) add('sign', node.operatorToken, signs[sign]);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) add('sign', node, node.operand.getText(source));
    if (ts.isNumericLiteral(node) && /^\d{1,3}$/.test(node.text)) {
      const ranking = rankingOf(node);
      add(ranking ? 'wrong-rank' : 'off-by-one', node, String(Number(node.text) + 1));
    }
    if (ts.isExpressionStatement(node) && isDroppable(node.expression)) add('dropped-statement', node, ';');
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const [first, second] = node.arguments ?? [];
      if (first && second) {
        const [a, b] = [first.getStart(source), second.getEnd()];
        const between = text.slice(first.getEnd(), second.getStart(source));
        const after = `${second.getText(source)}${between}${first.getText(source)}`;
        const before = text.slice(a, b);
        if (lineOf(a) === lineOf(b) && before !== after)
          found.push({ operator: 'swapped-arguments', file, line: lineOf(a), start: a, end: b, before, after });
      }
      if (
        first &&
        ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        streams.includes(node.expression.name.text)
      )
        if (ts.isTemplateLiteral(first) || ts.isStringLiteral(first)) {
          const name = first.getText(source);
          add('wrong-stream', first, `${name[0] ?? ''}wrong-${name.slice(1)}`);
        }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isDroppable = (expression: ts.Expression): boolean =>
  (ts.isCallExpression(expression) && expression.expression.kind !== ts.SyntaxKind.SuperKeyword) ||
  ts.isPostfixUnaryExpression(expression) ||
  ts.isPrefixUnaryExpression(expression) ||
  (ts.isBinaryExpression(expression) &&
    expression.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    expression.operatorToken.kind <= ts.SyntaxKind.LastAssignment);

/** The ranking that a number stands in, if it stands in one. */
function rankingOf(node: ts.Node): string | undefined {
  for (let above = node.parent as ts.Node | undefined; above; above = above.parent as ts.Node | undefined)
    if (ts.isVariableDeclaration(above) && ts.isIdentifier(above.name) && rankings.includes(above.name.text)) return above.name.text;
  return undefined;
}

/**
 * Mutations in an order that depends on `uniform` alone, each once: operators take turns at random, all alike however many mutations each has, and within an
 * operator every mutation is as likely as another.
 */
export function* drawn(mutations: readonly Mutation[], uniform: () => number): Generator<Mutation> {
  const left = new Map<Operator, Mutation[]>(
    operators.map((operator) => [operator, mutations.filter((each) => each.operator === operator)]),
  );
  const take = <T>(from: T[]): T => from.splice(Math.floor(uniform() * from.length), 1)[0] as T;
  for (;;) {
    const kinds = [...left.values()].filter((each) => each.length > 0);
    if (kinds.length === 0) return;
    yield take(kinds[Math.floor(uniform() * kinds.length)] as Mutation[]);
  }
}

/** The file's text with the mutation in it. */
export const mutated = (text: string, { start, end, after }: Mutation): string => `${text.slice(0, start)}${after}${text.slice(end)}`;
