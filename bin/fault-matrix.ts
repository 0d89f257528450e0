import { assert } from '../src/base/assert.ts';
import { inSeconds } from '../src/base/units.ts';
import type { Row } from '../src/metrics/columns.ts';
import type { Fact } from '../src/operations/world.ts';
import { decodeScenario } from '../src/scenario/decode.ts';
import type { RunResult } from '../src/simulation/run.ts';
import { simulate } from '../src/simulation/simulate.ts';
import { strategies } from '../src/strategies/registry.ts';

/** When the switch is ordered, s. */
const ordered = 330;

/** Steps of the switch, and the moment within each at which a fault begins, s after the order; without a fault the steps end at 0, 5, 9.5, 12, 14, 15.5 and 25.5 s. */
const moments: readonly (readonly [step: string, after: number])[] = [
  ['pre-check', -1],
  ['traffic-down', 1],
  ['resources-down', 7],
  ['resources-up', 11],
  ['traffic-up', 13],
  ['status', 15],
  ['observation', 20],
  ['after the switch', 35],
];

/** Faults as a scenario writes them, on one node of four. */
const faults: readonly (readonly [name: string, spec: (at: string) => string])[] = [
  ['node lost for 20 s', (at) => `node-loss: { ${at}, for: 20s, nodes: [east-0] }`],
  ['node lost for good', (at) => `node-loss: { ${at}, for: 1h, nodes: [east-0] }`],
  ['node at half its speed for 60 s', (at) => `slow-node: { ${at}, for: 60s, nodes: [east-0], speed: 50% }`],
  ['swap device at a tenth of its speed for 60 s', (at) => `slow-swap: { ${at}, for: 60s, nodes: [east-0], speed: 10% }`],
  ['agent down for 15 s', (at) => `agent-down: { ${at}, for: 15s, nodes: [east-0] }`],
  ['agent down for 120 s', (at) => `agent-down: { ${at}, for: 120s, nodes: [east-0] }`],
  ['API server stalled for 15 s', (at) => `api-stall: { ${at}, for: 15s }`],
  ['API server stalled for 120 s', (at) => `api-stall: { ${at}, for: 120s }`],
  ['every push lost for 20 s', (at) => `push-loss: { ${at}, for: 20s, share: 100% }`],
];

/** A world of easy numbers: 4 nodes, 8 slots, 4 pods of each app outside them; `gala` is over at 5 min, `sale` begins at 6 min 20 s. */
const world = (fault: string): string => `
name: fault-matrix
start: 2019-11-11T00:00:00+08:00
horizon: 20m
replications: 1
cluster: { nodes: 4, node: { cpu: 40, memory: 128G, swapOut: 1GB/s, swapIn: 2GB/s }, zones: { east: {}, west: {} } }
platform:
  scheduler: { rate: 1/s }
  metrics: { window: 5s, delay: 0s }
  push: 2s
  limitWrite: 0.5s
  status: 1.5s
  steps: { failure: 0%, timeout: 20s }
  inspection: { every: 1m }
  nodeLoss: { unregister: 10s, detect: 20s, evict: 20s }
defaults:
  service: { time: 10ms, timeout: 1s }
  sidecar: { cpu: 0s, relay: 0s, hop: 0s }
  pod: { cpu: 4, memory: 8G }
  keepAlive: { cpu: 1, memory: 2G, traffic: 1%, swap: 2G, release: 4G }
  startup: 60s
  warmup: { weight: 10%, for: 10s }
  coldPages: { capacity: 50%, for: 10s }
  drain: 3s
  terminate: 7s
apps:
  gala: { traffic: { piecewise: [{ at: 00:00, rate: 3600/s }, { at: 00:05, rate: 3600/s }, { at: 00:05, rate: 600/s }] } }
  sale: { traffic: { piecewise: [{ at: 00:00, rate: 600/s }, { at: 00:06:20, rate: 600/s }, { at: 00:06:20, rate: 3600/s }] } }
groups:
  night: { apps: [gala, sale], slot: { cpu: 5, memory: 10G } }
${fault === '' ? '' : `faults:\n  - ${fault}`}
strategies:
  time-share:
    slots: { night: 8 }
    pods: { gala: 4, sale: 4 }
    plan: [{ at: 00:05:30, group: night, from: gala, to: sale }]
    rollout: { batches: [100%], observe: 10s, gate: { success: 90%, failedSlots: 50%, otherwise: roll-back } }
results: { detail: none }
`;

/** One cell of the table. */
interface Cell {
  readonly result: RunResult;
  readonly operations: readonly Row[];
  /** s after the order from which on every pod is at rest, no slot stuck, no sidecar behind. */
  readonly wellAfter: number;
}

function play(fault: string): Cell {
  const { scenario } = decodeScenario({ file: 'fault-matrix.yaml', text: world(fault) }, { strategies });
  const health = new Health();
  const operations: Row[] = [];
  const result = simulate({
    scenario,
    label: 'time-share',
    replication: 0,
    strategies,
    sink: { write: (file, row) => file === 'operations' && operations.push(row) },
    hooks: { fact: (fact, now) => health.see(fact, inSeconds(now)) },
  });
  for (const { name, held, detail } of result.checks) assert(held, `${fault}: ${name}: ${detail}`);
  assert(!result.interrupted && health.isWell, `${fault}: not everything is well at the end`);
  return { result, operations, wellAfter: health.since - ordered };
}

/** What is not at rest: pods between two states, slots stuck, sidecars that missed a push. */
class Health {
  readonly #ill = new Set<string>();
  since = 0;

  get isWell(): boolean {
    return this.#ill.size === 0;
  }

  see(fact: Fact, now: number): void {
    if (fact.kind === 'pod-state') this.#is(`pod ${String(fact.pod.id)}`, !['running', 'keep-alive', 'gone'].includes(fact.pod.state), now);
    else if (fact.kind === 'pod-created') this.#is(`pod ${String(fact.pod.id)}`, true, now);
    else if (fact.kind === 'drift') this.#is(`sidecar ${String(fact.pod.id)}`, fact.begins, now);
    else if (fact.kind === 'step' && fact.outcome !== 'refused') this.#is(`slot ${String(fact.slot)}`, fact.outcome === 'stuck', now);
  }

  #is(what: string, ill: boolean, now: number): void {
    if (ill) this.#ill.add(what);
    else if (this.#ill.delete(what) && this.isWell) this.since = now;
  }
}

/** `docs/faults.md`: what becomes of a switch that each fault meets in each of its steps. */
export function faultMatrix(): string {
  const rows = [row('no fault', '–', play(''))];
  for (const [name, spec] of faults)
    for (const [step, after] of moments) rows.push(row(name, step, play(spec(`at: ${clock(ordered + after)}`))));
  const head = [
    'fault',
    'begins in',
    'the switch',
    'slots done',
    'slots failed',
    'repairs',
    'pods failed',
    'unserved',
    'exposed s',
    'well after s',
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '# What each fault does to a switch',
    '',
    `Made by \`npm run generate\`; a test compares it. One switch of 8 slots on 4 nodes in one batch, ordered at 5 min 30 s; the taker's load rises to six times its level 50 s later. Without a fault`,
    'the steps end 5, 9.5, 12, 14 and 15.5 s after the order, the observation at 25.5 s. A fault begins in the middle of a step, on one node of four (the API server and the pushes are those of all). Inspection every',
    'minute; tries without an answer fail after 20 s, three of them leave a slot stuck; pods of a lost node are given up after 40 s and take 72 s to start elsewhere; the gate tolerates half of the slots.',
    'Every run ended with every check held, every pod at rest, no slot stuck and no sidecar behind.',
    '',
    '*repairs*: switches that the inspection began for stuck slots · *unserved*: requests of 4.2 million · *exposed*: time with more traffic at some pods than they can serve · *well after*: from the',
    'order until the last pod is at rest again, no slot stuck, no sidecar behind.',
    '',
    line(head),
    line(head.map((_, index) => (index < 3 ? '---' : '---:'))),
    ...rows.map(line),
    '',
  ].join('\n');
}

function row(name: string, step: string, { result, operations, wellAfter }: Cell): readonly string[] {
  const all = result.summary.find(({ app }) => app === 'all');
  const planned = operations.find(({ kind }) => kind === 'switch');
  const number = (value: unknown, digits = 0): string => Number(value).toLocaleString('en', { maximumFractionDigits: digits });
  return [
    name,
    step,
    String(planned?.['state']),
    number(planned?.['done']),
    number(planned?.['failed']),
    number(operations.filter(({ kind }) => kind === 'repair').length),
    number(all?.['pods_failed']),
    number(all?.['unserved']),
    number(all?.['exposure_s'], 1),
    number(wellAfter, 1),
  ];
}

const clock = (seconds: number): string =>
  `00:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
