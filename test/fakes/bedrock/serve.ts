import { answerCall } from '../answer-call';
import { Faults } from '../faults';
import { Asked, LocalServer } from '../http';
import { parseCall } from '../protocol';

/** A state machine of this folder behind HTTP, for the real SDK. */
export function serve(perform: (operation: string, input: any) => object | Promise<object> | undefined, faults = new Faults()): Promise<LocalServer> {
  return LocalServer.start(async ({ method, path, headers, body }: Asked) => {
    const call = parseCall({ method, path, headers, body: body.toString() });
    if (!call) throw new Error(`no such operation: ${method} ${path}`);
    const answer = await answerCall(call, ({ operation, input }) => perform(operation, input)!, faults);
    if (answer === 'broken') throw new Error('connections are not broken here');
    return answer;
  });
}
