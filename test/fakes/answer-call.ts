import { Faults, isRefused, refusalOf } from './faults';
import { Answer } from './http';
import { answerOfRefusal, answerTo, Call } from './protocol';
import { Refusal } from './refusal';

/** The reply to a call: of what performs it, of a fault that waits for it, or none, because the connection breaks. */
export async function answerCall(call: Call, perform: (call: Call) => object | Promise<object>, faults: Faults): Promise<Answer | 'broken'> {
  const fault = faults.take(call.operation, call.input);
  if (!fault) return performed(call, perform);
  if (!isRefused(fault)) return performed(call, async () => fault.change!(await perform(call), call.input));
  // A refusal after the effect is a reply too: it is lost like any other one.
  if (fault.afterwards) await performed(call, perform);
  return fault.status === 0 ? 'broken' : answerOfRefusal(call, refusalOf(fault));
}

async function performed(call: Call, perform: (call: Call) => object | Promise<object>): Promise<Answer> {
  try {
    return answerTo(call, await perform(call));
  } catch (e) {
    if (e instanceof Refusal) return answerOfRefusal(call, e);
    throw e;
  }
}
