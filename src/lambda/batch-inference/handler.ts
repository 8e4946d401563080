import { assemble } from './assemble';
import { collect } from './collect';
import { BatchCall } from './contract';
import { group } from './group';
import { invoke } from './invoke';
import { join } from './join';
import { plan } from './plan';
import { review } from './review';
import { BatchServices } from './services';
import { split } from './split';
import { summarize } from './summarize';

/** The steps of a run. Each step can be repeated. */
export function batchSteps(services: BatchServices): (call: BatchCall) => Promise<unknown> {
  return (call) => {
    switch (call.step) {
      case 'plan': return plan(services, call);
      case 'split': return split(services, call);
      case 'group': return group(services, call);
      case 'assemble': return assemble(services, call);
      case 'invoke': return invoke(services, call);
      case 'collect': return collect(services, call);
      case 'review': return review(services, call);
      case 'join': return join(services, call);
      case 'summarize': return summarize(services, call);
    }
  };
}
