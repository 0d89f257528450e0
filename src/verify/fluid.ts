import { fluidAgainstEuler } from './fluid-euler.ts';
import { fluidClosedForms } from './fluid-closed-forms.ts';
import { fluidResponses } from './fluid-responses.ts';
import type { ClaimGroup } from './group.ts';

export const fluid: ClaimGroup = {
  name: 'fluid',
  title: 'The fluid of requests against closed forms, a plain integration, and queueing formulas',
  *claims(effort) {
    yield* fluidClosedForms();
    yield* fluidAgainstEuler(effort);
    yield* fluidResponses();
  },
};
