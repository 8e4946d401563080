import { CONVERSE } from './converse';
import { familyOf } from './families';
import { RecordFormat } from './record-format';
import { BatchSettings } from '../contract';

export type { RecordFormat } from './record-format';

/**
 * How records of the model look; undefined where that is not known, and for what cannot be asked at all: an embedding model
 * by Converse.
 */
export function recordFormat(formatModelId: string, invocationType: BatchSettings['invocationType']): RecordFormat | undefined {
  const family = familyOf(formatModelId);
  if (invocationType === 'InvokeModel') return family;
  return family?.output === 'embedding' ? undefined : CONVERSE;
}
