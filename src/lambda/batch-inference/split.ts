import { BadLineWriter } from './bad-lines';
import { INVALID_INPUT, SplitCall } from './contract';
import { SliceOutcome } from './outcomes';
import { PartWriter } from './part-writer';
import { readPiece } from './read-piece';
import { recordFormat } from './records/format';
import { estimateTokens } from './records/token-estimate';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';

/**
 * Reads a slice line by line, checks each record before it can be billed, and writes parts for jobs. Lines that are not records are set
 * aside. The memory does not depend on the size of a file.
 */
export async function split(services: BatchServices, call: SplitCall): Promise<void> {
  try {
    await splitSlice(services, call);
  } catch (e) {
    const { name, message } = e as Error;
    if (name !== INVALID_INPUT) throw e;
    // The run ends with this reason, which would not be visible in a child execution.
    const { settings, run, slice } = call;
    const outcome: SliceOutcome = { parts: [], lines: slice.pieces.map(() => 0), badLines: 0, problem: message };
    await services.store(settings.output.bucket).writeJson(new RunFolder(run.folder).sliceOutcome(slice.index), outcome);
  }
}

async function splitSlice(services: BatchServices, { settings, run, slice }: SplitCall): Promise<void> {
  const folder = new RunFolder(run.folder);
  const store = services.store(settings.output.bucket);
  const input = services.store(settings.input.bucket);
  const format = recordFormat(settings.formatModelId, settings.invocationType);
  const parts = new PartWriter(store, folder, slice.index, settings.quotas);
  const bad = new BadLineWriter(store, folder, slice.index);
  const lines: number[] = [];
  for (const [index, piece] of slice.pieces.entries()) {
    let last = 0;
    for await (const read of readPiece(input, piece, settings, format)) {
      last = read.line;
      if ('blank' in read) continue;
      const problem = 'problem' in read ? read.problem
        : await parts.add(read.modelInput, [read.recordId, index, read.line], estimateTokens(read.modelInput, format, settings.estimate));
      if (problem !== undefined) await bad.add({ piece: index, line: read.line, problem, content: read.content });
    }
    lines.push(last);
  }
  await parts.finish();
  await bad.finish();
  await store.writeJson(folder.sliceOutcome(slice.index), { parts: parts.parts, lines, badLines: bad.count });
}
