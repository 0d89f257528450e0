import { z } from 'zod';
import { show } from '../base/quantity.ts';

export const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;
export type Effect = (typeof effects)[number];

/** What keeps pods off a node unless they tolerate it. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: Effect;
}

/** What a pod tolerates. Absent parts mean any: `value` is upstream's operator Exists, `key` all taints. */
export interface Toleration {
  readonly key?: string;
  readonly value?: string;
  readonly effect?: Effect;
}

/** Whether the toleration covers the taint (upstream: `Toleration.ToleratesTaint`). */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  return (
    (toleration.effect === undefined || toleration.effect === taint.effect) &&
    (toleration.key === undefined || toleration.key === taint.key) &&
    (toleration.value === undefined || toleration.value === taint.value)
  );
}

const pattern = /^([A-Za-z0-9][\w./-]{0,252})(?:=([\w.-]{0,63}))?(?::(.+))?$/;

/** `key=value:NoSchedule`, as kubectl writes taints; without `=value` the value is empty. */
export const taintSchema = () =>
  z
    .string({ error: (issue) => `read ${show(issue.input)}: expected a taint such as dedicated=trade:NoSchedule` })
    .meta({ description: 'a taint: key=value:effect or key:effect', examples: ['dedicated=trade:NoSchedule'] })
    .transform((text, context): Taint => {
      const [, key, value = '', effect] = pattern.exec(text) ?? [];
      if (key !== undefined && isEffect(effect)) return { key, value, effect };
      const reason =
        key === undefined
          ? 'expected a taint such as dedicated=trade:NoSchedule'
          : `${effect === undefined ? 'add' : `there is no effect ${show(effect)}:`} one of ${effects.join(', ')} after a colon`;
      context.addIssue({ code: 'custom', message: `read ${show(text)}: ${reason}`, input: text });
      return z.NEVER;
    });

/** `key=value:effect`, `key:effect` (any value), `key=value` or `key` (any effect), `*` (everything). */
export const tolerationSchema = () =>
  z
    .string({ error: (issue) => `read ${show(issue.input)}: expected a toleration such as dedicated=trade:NoSchedule` })
    .meta({
      description: 'a toleration: key=value:effect; without =value any value, without :effect any effect; * everything',
      examples: ['dedicated=trade:NoSchedule', 'dedicated', '*'],
    })
    .transform((text, context): Toleration => {
      if (text === '*') return {};
      const [, key, value, effect] = pattern.exec(text) ?? [];
      if (key !== undefined && (effect === undefined || isEffect(effect)))
        return { key, ...(value === undefined ? {} : { value }), ...(effect === undefined ? {} : { effect }) };
      const reason =
        key === undefined
          ? 'expected a toleration such as dedicated=trade:NoSchedule, dedicated, or *'
          : `there is no effect ${show(effect)}: one of ${effects.join(', ')}, or none for all of them`;
      context.addIssue({ code: 'custom', message: `read ${show(text)}: ${reason}`, input: text });
      return z.NEVER;
    });

const isEffect = (text: string | undefined): text is Effect => effects.some((effect) => effect === text);

/** As it is written. */
export const taintText = ({ key, value, effect }: Taint): string => `${key}${value === '' ? '' : `=${value}`}:${effect}`;
