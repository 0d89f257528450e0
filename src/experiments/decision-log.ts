import { Fingerprint } from '../base/fingerprint.ts';
import { inSeconds, type Time } from '../base/units.ts';
import { clockLabel } from '../base/wall-clock.ts';
import { nodesOf } from '../cluster/node.ts';
import { reasonOf } from '../operations/operation.ts';
import type { Order } from '../operations/orders.ts';
import type { Fact } from '../operations/world.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Most decisions that are kept in words; of what comes after there are hashes. */
export const mostWords = 100_000;
/** Decisions between two hashes. */
export const hashEvery = 1024;

/** What was decided in a run, in the order of its events. */
export interface Decisions {
  /** The first {@link mostWords}, a line each. */
  readonly words: readonly string[];
  /** Of all decisions up to number 1,024, 2,048, …, and of all of them at last. */
  readonly hashes: readonly string[];
  readonly count: number;
}

/** Tells a run as a list of decisions: what was ordered, which node was chosen and why, what became of pods, steps and operations. */
export class DecisionLog {
  readonly #scenario: Scenario;
  readonly #nodes: readonly string[];
  readonly #hashes: string[] = [];
  readonly #fingerprint = new Fingerprint();
  readonly #words: string[] = [];
  readonly #most: number;
  #count = 0;

  /** `most`: how many decisions to keep in words. */
  constructor(scenario: Scenario, most = mostWords) {
    this.#scenario = scenario;
    this.#most = most;
    this.#nodes = nodesOf(scenario.cluster).map(({ name }) => name);
  }

  /** Takes down a fact, if it is a decision or follows from one. */
  readonly fact = (fact: Fact, now: Time): void => {
    const words = this.#told(fact);
    if (words === undefined) return;
    const line = `${clockLabel(now, this.#scenario.calendar)} (${String(inSeconds(now))} s) ${words}`;
    this.#fingerprint.addText(line);
    this.#count++;
    if (this.#words.length < this.#most) this.#words.push(line);
    if (this.#count % hashEvery === 0) this.#hashes.push(this.#fingerprint.hex);
  };

  get decisions(): Decisions {
    return { words: this.#words, hashes: [...this.#hashes, this.#fingerprint.hex], count: this.#count };
  }

  #told(fact: Fact): string | undefined {
    switch (fact.kind) {
      case 'ordered':
        return `order ${String(fact.operation.id)} of ${fact.operation.by === 'strategy' ? 'the strategy' : 'the inspection'}: ${orderText(fact.operation.order)}`;
      case 'chosen': {
        const { unit, node } = fact;
        const what = unit.kind === 'pod' ? `pod ${String(unit.pod.id)} of ${this.#app(unit.pod.app)}` : `slot ${String(unit.slot.id)} of ${String(this.#scenario.groups[unit.slot.group]?.name)}`; // prettier-ignore
        const { nodes, scores } = fact.why();
        const counted = scores.filter(({ weight, score }) => weight > 0 && score > 0);
        const sum = counted.reduce((total, { score, weight }) => total + score * weight, 0);
        const parts = counted.map(({ name, score, weight }) => `${name} ${String(score)}${weight === 1 ? '' : ` × ${String(weight)}`}`);
        return `${what} to node ${this.#node(node)}: ${String(sum)} = ${parts.join(' + ')}, the most of ${String(nodes)} nodes that pass the filters, the first of equals`;
      }
      case 'pod-created':
        return `pod ${String(fact.pod.id)} of ${this.#app(fact.pod.app)} created`;
      case 'pod-state': {
        const { pod, left, reason } = fact;
        return `pod ${String(pod.id)} of ${this.#app(pod.app)}${pod.node === undefined ? '' : ` on ${this.#node(pod.node)}`}: ${left} to ${pod.state}${reason === '' ? '' : ` (${reason})`}`;
      }
      case 'step': {
        const { operation, batch, slot, node, step, from, to, outcome, attempts } = fact;
        return `order ${String(operation.id)}, batch ${String(batch + 1)}: slot ${String(slot)} on ${this.#node(node)} from ${this.#app(from)} to ${this.#app(to)}: ${step} ${outcome}${attempts === 1 ? '' : ` after ${String(attempts)} tries`}`;
      }
      case 'operation': {
        const { id, state } = fact.operation;
        const reason = reasonOf(fact.operation);
        return `order ${String(id)} is ${state}${reason === undefined ? '' : `: ${reason}`}`;
      }
      default:
        return undefined;
    }
  }

  #app(index: number): string {
    return this.#scenario.apps[index]?.name ?? `app ${String(index)}`;
  }

  #node(index: number): string {
    return this.#nodes[index] ?? `node ${String(index)}`;
  }
}

function orderText(order: Order): string {
  switch (order.kind) {
    case 'scale':
      return `${String(order.pods)} pods of ${order.app}${order.standby === undefined ? '' : ` and ${String(order.standby)} that stand by`}`;
    case 'reserve':
      return `${String(order.slots)} slots of ${order.group}, held by ${order.holder}`;
    case 'switch':
      return `switch ${String(order.slots)} slots of ${order.group} from ${order.from} to ${order.to}`;
    default:
      return `${order.kind} order ${String(order.operation)}`;
  }
}

/** Where two runs part. */
export interface Parting {
  /** Number of the first decision that differs, from 1; where only hashes are known the last number that it may have. */
  readonly number: number;
  /** What was decided before and is now; undefined where one of them has ended, or nothing is known in words. */
  readonly before: string | undefined;
  readonly now: string | undefined;
  /** The last decisions that are the same. */
  readonly same: readonly string[];
}

/** The first decision in which two runs differ; undefined where they are the same. */
export function partingOf(before: Decisions, now: Decisions): Parting | undefined {
  const words = Math.min(Math.max(before.words.length, now.words.length), mostWords);
  for (let i = 0; i < words; i++)
    if (before.words[i] !== now.words[i])
      return { number: i + 1, before: before.words[i], now: now.words[i], same: now.words.slice(Math.max(0, i - 3), i) };
  if (before.count === now.count && before.hashes.at(-1) === now.hashes.at(-1)) return undefined;
  const chunk = before.hashes.findIndex((hash, i) => hash !== now.hashes[i]);
  const number = Math.min((chunk < 0 ? before.hashes.length : chunk + 1) * hashEvery, Math.max(before.count, now.count));
  return { number, before: undefined, now: undefined, same: now.words.slice(-3) };
}
