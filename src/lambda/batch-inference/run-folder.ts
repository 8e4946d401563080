/**
 * The keys of a run in the output bucket: its results at the top, and the files of its steps below `steps/`.
 *
 * With these names, the order of keys in S3 is the order of the input.
 */
export class RunFolder {
  constructor(private readonly folder: string) {}

  /** The slices of the input. */
  public get slices(): string {
    return `${this.folder}steps/slices.json`;
  }

  /** The outcome of a slice. */
  public sliceOutcome(slice: number): string {
    return `${this.folder}steps/slices/${slice}.json`;
  }

  /** The estimated cost of the run, and the line of its file on which each piece begins. */
  public get estimate(): string {
    return `${this.folder}steps/estimate.json`;
  }

  /** The records of a part that a round runs, in the form that a job reads. */
  public part(round: number, id: string): string {
    return `${this.folder}steps/round-${round}/parts/${id}.jsonl`;
  }

  /** The source of each record of a part, line by line. */
  public sources(part: string): string {
    return `${this.folder}steps/sources/${part}.jsonl`;
  }

  public jobs(round: number): string {
    return `${this.folder}steps/round-${round}/jobs.json`;
  }

  /** The jobs of a round to run now: all of them, or the ones whose output was not collected. */
  public jobsToRun(round: number): string {
    return `${this.folder}steps/round-${round}/jobs-to-run.json`;
  }

  public jobInput(round: number, job: number): string {
    return `${this.folder}steps/round-${round}/jobs/${job}/input/`;
  }

  public jobOutput(round: number, job: number): string {
    return `${this.folder}steps/round-${round}/jobs/${job}/output/`;
  }

  /** The answer to a record that was run on demand. */
  public answer(round: number, job: number, record: string): string {
    return `${this.folder}steps/round-${round}/jobs/${job}/answers/${record}.json`;
  }

  public jobOutcome(round: number, job: number): string {
    return `${this.folder}steps/round-${round}/jobs/${job}/outcome.json`;
  }

  /** The outcome of the records of a round that no other round can run. */
  public leftOver(round: number): string {
    return `${this.folder}steps/round-${round}/left-over.json`;
  }

  public get results(): string {
    return `${this.folder}steps/results/`;
  }

  public partResults(part: string): string {
    return `${this.results}${part}`;
  }

  public get deadLetters(): string {
    return `${this.folder}steps/dead-letters/`;
  }

  public partDeadLetters(part: string): string {
    return `${this.deadLetters}${part}`;
  }

  /** Lines of a slice that are not records. They precede the dead letters of the slice's parts, since `-` sorts before all digits. */
  public badLines(sliceId: string, file: number): string {
    return `${this.deadLetters}${sliceId}-${String(file).padStart(6, '0')}`;
  }

  /** The files of the output, and the parts that each is joined from. */
  public get joins(): string {
    return `${this.folder}steps/joins.json`;
  }

  /** A file of the output. */
  public joined(name: string): string {
    return `${this.folder}${name}`;
  }

  public get summary(): string {
    return `${this.folder}summary.json`;
  }
}
