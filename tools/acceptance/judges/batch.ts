import { DirectJob, EndedJob, BatchMetrics, Judgement } from '../observations';

/** The time for which the library searches for a job whose creation got no answer, in seconds. */
const LISTED_WITHIN_SECONDS = 15 * 60;

export function judgeListing({ directJob: { listedAfter, waited } }: { readonly directJob: DirectJob }): Judgement {
  if (listedAfter === undefined) return { verdict: waited >= LISTED_WITHIN_SECONDS ? 'refuted' : 'unclear', did: `Not listed within ${waited} s.` };
  return { verdict: listedAfter <= LISTED_WITHIN_SECONDS ? 'confirmed' : 'refuted', did: `Listed after ${listedAfter} s.` };
}

export function judgeManifest({ batch: { job } }: { readonly batch: BatchMetrics }): Judgement {
  const { tokens: { input, cacheRead, cacheWrite }, manifestInput, status } = job;
  const cached = cacheRead + cacheWrite;
  const did = `The job ended ${status}. Its manifest has inputTokenCount ${manifestInput}; `
    + `its records report ${input} uncached and ${cached} cached tokens${cached === 0 ? ': batch used no cache' : ''}.`;
  if (input + cached === 0) return { verdict: 'unclear', did };
  if (manifestInput === input) return { verdict: 'confirmed', did };
  return { verdict: manifestInput === input + cached ? 'refuted' : 'unclear', did };
}

/** Prefixes of the ids of records whose images are in the job's folder, and of the other records. */
export const INSIDE = 'inside-';
export const OUTSIDE = 'outside-';

/** Records with an image in the folder have to succeed: a job that fails for another reason settles nothing. */
export function judgeMedia({ mediaJob: { status, succeeded, errors } }: { readonly mediaJob: EndedJob }): Judgement {
  const [inside, outside] = [INSIDE, OUTSIDE].map((place) => succeeded.filter((id) => id.startsWith(place)).length);
  const did = `The job ended ${status}. Of 50 records with an image in the folder ${inside} succeeded, of 50 with one elsewhere ${outside}. Errors: ${errors.join('; ') || 'none'}.`;
  if (outside > 0) return { verdict: 'refuted', did };
  return { verdict: inside > 0 ? 'confirmed' : 'unclear', did };
}
