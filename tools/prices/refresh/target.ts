import { GOVCLOUD, Target } from './stated-rate';
import { ModelId } from '../../../src/pricing/model-id';

const PROVIDER = /^[a-z][a-z0-9]*\./;

/** The target of an id with or without profile prefix; a text where it is none of ours. */
export function targetOf(id: string, region?: string): Target | string {
  if (id.startsWith('us-gov.') || /^(us-gov|cn)-/.test(region ?? '')) return GOVCLOUD;
  const { bareId, prefix, scope } = ModelId.parse(id);
  if (!PROVIDER.test(bareId)) return `no model id: ${id}`;
  return { model: bareId, scope, ...(prefix === undefined || prefix === 'global' ? {} : { prefix }), ...(region === undefined ? {} : { region }) };
}
