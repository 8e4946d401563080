import { Attempt, Judgement, Permissions } from '../observations';

/** The ARN that AWS names in a refusal: `... is not authorized to perform: X on resource: ARN because ...`. */
export function deniedResource(message: string): string | undefined {
  return /on resource: (\S+?)[.,]?(?:\s|$)/.exec(message)?.[1];
}

export function describe({ role, outcome, message }: Attempt): string {
  if (outcome === 'allowed') return `The role ${role} was allowed.`;
  return `The role ${role} ${outcome === 'denied' ? 'was denied' : 'failed'}: ${message.replace(/\.?$/, '.')}`;
}

export function judgeDefaultProject({ permissions: { withoutProject } }: { readonly permissions: Permissions }): Judgement {
  const did = describe(withoutProject);
  if (withoutProject.outcome === 'allowed') return { verdict: 'refuted', did: `${did} Its policy names the profile and the model only.` };
  return { verdict: withoutProject.outcome === 'denied' && /:project\//.test(withoutProject.message) ? 'confirmed' : 'unclear', did };
}

/** Confirmed if AWS allows a role with one of the ARNs: a condition on both ARNs then covers the ARN that AWS compares with. */
export function judgeProfileCondition({ permissions }: { readonly permissions: Permissions }): Judgement {
  const attempts = [permissions.onlyApplicationProfile, permissions.onlySystemProfile];
  const did = attempts.map(describe).join(' ');
  if (attempts.some(({ outcome }) => outcome === 'allowed')) return { verdict: 'confirmed', did };
  return { verdict: attempts.every(({ outcome }) => outcome === 'denied') ? 'refuted' : 'unclear', did };
}

export function judgeJobAuthorization({ permissions: { createJob } }: { readonly permissions: Permissions }): Judgement {
  const did = describe(createJob);
  // Passing the service role is authorized, too.
  const isAboutJob = createJob.outcome === 'denied' && /CreateModelInvocationJob/.test(createJob.message);
  const resource = isAboutJob ? deniedResource(createJob.message) : undefined;
  if (resource === undefined) return { verdict: 'unclear', did };
  return { verdict: /inference-profile\//.test(resource) ? 'refuted' : 'confirmed', did };
}

export function judgeThroughputAuthorization({ permissions: { createThroughput } }: { readonly permissions: Permissions }): Judgement {
  const did = describe(createThroughput);
  const resource = createThroughput.outcome === 'denied' ? deniedResource(createThroughput.message) : undefined;
  if (resource === undefined) return { verdict: 'unclear', did };
  return { verdict: /:foundation-model\//.test(resource) ? 'confirmed' : 'refuted', did };
}

export function judgeRoomForPolicy({ permissions: { policiesPerRole } }: { readonly permissions: Permissions }): Judgement {
  if (policiesPerRole === undefined) return { verdict: 'unclear', did: 'GetAccountSummary states no AttachedPoliciesPerRoleQuota.' };
  return { verdict: policiesPerRole === 10 ? 'confirmed' : 'refuted', did: `AttachedPoliciesPerRoleQuota of this account is ${policiesPerRole}.` };
}
