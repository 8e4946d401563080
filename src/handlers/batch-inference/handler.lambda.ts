import { assemble } from './assemble.lambda';
import { collect } from './collect.lambda';
import { group } from './group.lambda';
import { invoke } from './invoke.lambda';
import { join } from './join.lambda';
import { plan } from './plan.lambda';
import { review } from './review.lambda';
import { BatchServices } from './services.lambda';
import { split } from './split.lambda';
import { summarize } from './summarize.lambda';
import { BatchCall } from '../batch-inference.contract';

/** The steps of a run; every one of them may be repeated. */
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
