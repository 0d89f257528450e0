import { describe, expect, it } from 'vitest';
import { FifoPod } from '../../src/serving/requests/fifo-pod.ts';
import type { PodPower } from '../../src/serving/requests/pod-speed.ts';
import { Request } from '../../src/serving/requests/request.ts';
import type { Discipline, Leaving, RequestPod } from '../../src/serving/requests/request-pod.ts';
import { SharingPod } from '../../src/serving/requests/sharing-pod.ts';
import { PlainPod } from './plain-requests.ts';

const constant = (servers: number, speed = 1): PodPower => ({ servers, speed, slope: 0, until: 0 });

/** Pods whose requests are named by number as they come, and what became of them: `2 answered at 1.5`. */
class Pods {
  readonly #said: { readonly t: number; readonly text: string }[] = [];
  readonly #requests: Request[] = [];
  readonly pods: readonly RequestPod[];

  constructor(make: (leaving: Leaving) => RequestPod, powers: readonly PodPower[], places = 100) {
    const note = (what: string) => (_: RequestPod, request: Request, t: number) =>
      this.#said.push({ t, text: `${String(this.#requests.indexOf(request))} ${what} at ${t.toFixed(9)}` });
    const leaving = { answered: note('answered'), timedOut: note('timed out') };
    this.pods = powers.map((power) => {
      const pod = make(leaving);
      pod.set(0, power);
      pod.places = places;
      return pod;
    });
  }

  /** A request that takes so much work comes to the pod; whether it is taken in. */
  arrive(t: number, work: number, pod = 0): boolean {
    this.until(t);
    const request = new Request();
    request.arrived = t;
    request.work = work;
    this.#requests.push(request);
    return this.pods[pod]!.arrive(t, request);
  }

  set(t: number, power: PodPower, pod = 0): void {
    this.until(t);
    this.pods[pod]!.set(t, power);
  }

  /** All requests of one pod go to another one. */
  move(t: number, from: number, to: number): void {
    this.until(t);
    this.pods[to]!.adopt(t, this.pods[from]!.empty(t));
  }

  until(t: number): void {
    for (const pod of this.pods) pod.pass(t);
  }

  /** What became of all, to the end. */
  end(): readonly string[] {
    this.until(1e6);
    return [...this.#said].sort((a, b) => a.t - b.t).map(({ text }) => text.replace(/\.?0+$/, ''));
  }
}

describe.each([
  { how: 'fast', plain: false },
  { how: 'plain', plain: true },
])('requests at a pod, $how', ({ plain }) => {
  const pods = (discipline: Discipline, powers: readonly PodPower[], timeout = Infinity, places?: number): Pods =>
    new Pods(
      (leaving) =>
        plain ? new PlainPod(discipline, timeout, leaving) : new (discipline === 'fifo' ? FifoPod : SharingPod)(timeout, leaving),
      powers,
      places,
    );
  const fifo = (powers: readonly PodPower[], timeout?: number, places?: number) => pods('fifo', powers, timeout, places);
  const sharing = (powers: readonly PodPower[], timeout?: number, places?: number) => pods('processor-sharing', powers, timeout, places);

  it('are served by two servers in the order of arrival, and refused where all places are taken', () => {
    const pods = fifo([constant(2)], Infinity, 1);
    // 0 is served from 0 to 1, 1 from 0.5 to 2.5; 2 waits until 1 and is served until 2. At 0.7 its place is taken, at 1.2 free again.
    const taken = [pods.arrive(0, 1), pods.arrive(0.5, 2), pods.arrive(0.6, 1), pods.arrive(0.7, 1), pods.arrive(1.2, 3)];
    expect(taken).toEqual([true, true, true, false, true]);
    expect(pods.end()).toEqual(['0 answered at 1', '2 answered at 2', '1 answered at 2.5', '4 answered at 5']);
  });

  it('are served as a ramp allows: slower at first, and at its end as fast as it has become', () => {
    // Speed 0.5 + 0.25·t until 4, 1.5 from there on. From 1 on 0.75·y + 0.125·y² = 2 is done at y = 2; of 4, 3.375 until 4, and 0.625 ÷ 1.5 later the rest.
    const pods = fifo([{ servers: 2, speed: 0.5, slope: 0.25, until: 4 }]);
    pods.arrive(1, 2);
    pods.arrive(1, 4);
    expect(pods.end()).toEqual(['0 answered at 3', '1 answered at 4.416666667']);
    // Downwards: 2 − 0.5·t until 2, 1 from there on. Of 4, 3 until 2.
    const down = sharing([{ servers: 1, speed: 2, slope: -0.5, until: 2 }]);
    down.arrive(0, 4);
    expect(down.end()).toEqual(['0 answered at 3']);
  });

  it('wait again where three of four servers go, and have lost nothing of what was done', () => {
    // 2 s of work each. At 1 there are left 1, 1.1, 1.2 and 1.3, done one after the other: at 2, 3.1, 4.3 and 5.6.
    const pods = fifo([constant(4)]);
    for (const t of [0, 0.1, 0.2, 0.3]) pods.arrive(t, 2);
    pods.set(1, constant(1));
    expect([pods.pods[0]!.present(1), pods.pods[0]!.hasIdleServer(1)]).toEqual([4, false]);
    expect(pods.end()).toEqual(['0 answered at 2', '1 answered at 3.1', '2 answered at 4.3', '3 answered at 5.6']);
  });

  it('leave at once where they lose their server after more than the time-out, and the others in time', () => {
    const pods = fifo([constant(4)], 0.85);
    for (const t of [0, 0.1, 0.2, 0.3]) pods.arrive(t, 2);
    pods.set(1, constant(1));
    expect(pods.end()).toEqual(['1 timed out at 1', '2 timed out at 1.05', '3 timed out at 1.15', '0 answered at 2']);
  });

  it('time out at the very moment at which a server would be free, and not after it', () => {
    const pods = fifo([constant(1)], 1);
    pods.arrive(0, 1.5);
    pods.arrive(0.5, 1);
    pods.arrive(0.75, 1);
    expect(pods.end()).toEqual(['1 timed out at 1.5', '0 answered at 1.5', '2 answered at 2.5']);
  });

  it('find as many places as the speed of the pod leaves', () => {
    // Four places at speed 1 are two at a half, one at a quarter, none at a fifth: beside those in service, or where all are, with them.
    const taken = [1, 0.5, 0.25, 0.2].map((speed) => {
      const pods = fifo([constant(1, speed)], Infinity, 4);
      return [1, 2, 3, 4, 5, 6, 7].filter(() => pods.arrive(0, 1)).length;
    });
    expect(taken).toEqual([5, 3, 2, 1]);
    const shared = [1, 0.5, 0.25, 0.2].map((speed) => {
      const pods = sharing([constant(2, speed)], Infinity, 4);
      return [1, 2, 3, 4, 5, 6, 7].filter(() => pods.arrive(0, 1)).length;
    });
    expect(shared).toEqual([4, 2, 2, 2]);
    expect(fifo([constant(1, 0)]).arrive(0, 1)).toBe(false);
    expect(sharing([constant(1, 0)]).arrive(0, 1)).toBe(false);
  });

  it('share two cores among three: two thirds each, then one each', () => {
    // 1, 1.2 and 2 s of work. At 1.5 all have got 1; then 0.2 and 1 are left, with a core for each.
    const pods = sharing([constant(2)]);
    for (const work of [1, 1.2, 2]) pods.arrive(0, work);
    expect(pods.end()).toEqual(['0 answered at 1.5', '1 answered at 1.7', '2 answered at 2.5']);
  });

  it('that share a pod leave when they have been there too long, and the others go on faster', () => {
    // Half a core each: at 1.5 the first one leaves, 0.25 undone; the second has got 0.5 of 0.9 since 0.5, and the rest alone: at 1.9, or at 2, had it needed more.
    const pods = sharing([constant(1)], 1.5);
    pods.arrive(0, 1.25);
    pods.arrive(0.5, 0.9);
    expect(pods.end()).toEqual(['0 timed out at 1.5', '1 answered at 1.9']);
    const longer = sharing([constant(1)], 1.5);
    longer.arrive(0, 1.25);
    longer.arrive(0.5, 1.1);
    expect(longer.end()).toEqual(['0 timed out at 1.5', '1 timed out at 2']);
  });

  it('that move to another pod stand there as they came, and time out as if they had always been there', () => {
    const pods = fifo([constant(1), constant(1)], 2);
    pods.arrive(0, 9, 1);
    pods.arrive(0.5, 1, 0);
    pods.arrive(0.6, 9, 0);
    pods.arrive(0.8, 1, 1);
    // At 1 what is in service at the first pod, half done, and what waits there come between the two at the second one.
    pods.move(1, 0, 1);
    expect(pods.end()).toEqual(['1 timed out at 2.5', '2 timed out at 2.6', '3 timed out at 2.8', '0 answered at 9']);
    const shared = sharing([constant(1), constant(1)], 2);
    shared.arrive(0, 9, 0);
    shared.arrive(0.5, 9, 1);
    shared.move(1, 0, 1);
    expect(shared.end()).toEqual(['0 timed out at 2', '1 timed out at 2.5']);
  });

  it('are the same where some pod gets more servers than any had before', () => {
    const pods = fifo([constant(1), constant(1)]);
    pods.arrive(0, 1, 0);
    pods.arrive(0.25, 1, 1);
    pods.set(0.5, constant(9));
    for (let i = 0; i < 9; i++) pods.arrive(0.5, 2);
    expect(pods.pods[0]!.present(0.5)).toBe(10);
    expect(pods.end().slice(0, 2)).toEqual(['0 answered at 1', '1 answered at 1.25']);
  });
});
