import { studentQuantile } from './student.ts';
import { mean, sampleDeviation } from './summary.ts';

/** The error of the test. */
const error = 0.01;
/** Values that differ by no more than this part of them do not differ. */
const rounding = 1e-12;

/**
 * The value that lies further out than a normal sample of this size has any, but once in a hundred: its index; undefined where none does, and for fewer than 4
 * values (of three none can). Grubbs' test, two-sided at 1 % (Procedures for Detecting Outlying Observations in Samples, Technometrics 11, 1969; NIST/SEMATECH e-Handbook 1.3.5.17.1):
 * G = max |x − mean| ÷ s above (n − 1) ÷ √n · √(t² ÷ (n − 2 + t²)), t = t(1 − 0.01 ÷ 2n; n − 2). A mean that rests on one value has no honest t interval.
 */
export function outlier(values: readonly number[]): number | undefined {
  const count = values.length;
  const deviation = sampleDeviation(values) ?? 0;
  if (count < 4) return undefined;
  const centre = mean(values);
  if (deviation <= rounding * Math.abs(centre)) return undefined;
  let furthest = 0;
  values.forEach((value, index) => {
    if (Math.abs(value - centre) > Math.abs((values[furthest] as number) - centre)) furthest = index;
  });
  const t = studentQuantile(1 - error / (2 * count), count - 2);
  const critical = ((count - 1) / Math.sqrt(count)) * Math.sqrt((t * t) / (count - 2 + t * t));
  return Math.abs((values[furthest] as number) - centre) / deviation > critical ? furthest : undefined;
}
