import { AssembleCall } from './contract';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';
import { AT_A_TIME } from './store';
import { mapInPool } from '../shared/pool';

/** Copies the parts of a job into the folder that the job reads. */
export async function assemble(services: BatchServices, { settings, run, job }: AssembleCall): Promise<void> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  await mapInPool(job.parts, AT_A_TIME, ({ id }) => store.copy(folder.part(job.round, id), `${folder.jobInput(job.round, job.index)}${id}.jsonl`));
}
