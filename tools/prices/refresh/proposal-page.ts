import { Doubt, ProposedChange, ProposedRate } from './proposal';
import { Refreshed } from './refresh-files';
import { LeftOut } from './stated-rate';
import { groupBy } from '../../../src/price-book-review/placed-rate';
import { DisputedRate, PricedRate } from '../facts';

/** The proposal as Markdown: the text of a pull request. A row for each model and way of use, all kinds of tokens together. */
export function proposalMarkdown({ proposal, changedAvailability, newlyLegacy }: Refreshed): string {
  const { sources, models, added, changed, confirmed, gone, disputed, borders, differingBorders, doubts, leftOut, equal, knownDisputes } = proposal;
  return [
    '# Prices: what newer sources state',
    '',
    ...sources.map(({ key, what, date }) => `- \`${key}\` of ${date}: ${what}`),
    '',
    `${sum(added.map(({ rate }) => countOf(rate)))} new, ${changed.length} changed, ${gone.length} gone, ${sum(disputed.map(({ rates }) => rates.length))} disputed.`,
    `${equal} are equal, ${confirmed.length} of them confirmed at a later day than before. ${knownDisputes} are disputed as prices/disputed.yaml says already.`,
    'AWS\'s own list is never overwritten: where another source differs from it, the list\'s price stays and the difference is disputed.',
    '',
    ...section(`New models: ${models.length}`, ['model', 'name', 'listed', 'long from'], models.map(({ id, name, listed, longContextFromInputTokens: border }) =>
      [`\`${id}\``, name, listed ? listed.modality : 'no', border === undefined ? '' : String(border)])),
    ...section('New rates', ['model', 'scope, tier', 'dollars', 'regions', 'source'], rateRows(added)),
    ...section('Changed rates', ['model', 'rate', 'region', 'before', 'now'], changed.map(changeRow)),
    ...section('Gone: second-hand rates that no source states any more (not removed)', ['model', 'rate', 'dollars', 'source'],
      gone.map(({ model, rate }) => [`\`${model}\``, rateText(rate), rate.usd, rate.source])),
    ...section('Disputed', ['model', 'rates', 'in the book', 'why'], disputed.map(({ model, rates, inBook, a, b, why }) => [
      `\`${model}\``,
      rates.map((rate) => `${rateText(rate)} ${rate.a}${rate.b === undefined ? '' : ` / ${rate.b}`}`).join('; '),
      inBook === 'nothing' ? 'nothing' : `the value of \`${b}\``,
      `${why} (\`${a}\` first)`,
    ])),
    ...section('Long context: borders', ['model', 'from input tokens', 'ours', 'source'], [
      ...borders.map(({ model, longContextFromInputTokens }) => [`\`${model}\``, String(longContextFromInputTokens), 'none', '']),
      ...differingBorders.map(({ model, ours, theirs, source }) => [`\`${model}\``, String(theirs), String(ours), source]),
    ]),
    ...section('Availability changed', ['model'], changedAvailability.map((id) => [`\`${id}\``])),
    ...section('Legacy in the list (look the end of life up, and add a `lifecycle:`)', ['model'], newlyLegacy.map((id) => [`\`${id}\``])),
    ...section('Not taken: doubtful', ['why', 'rates', 'ids'], byReason(doubts, ({ why }: Doubt) => why, ({ rate }) => rate.rawId)),
    ...section('Not taken: outside', ['why', 'rows', 'ids'], byReason(leftOut, ({ why }: LeftOut) => why, ({ rawId }) => rawId)),
  ].join('\n');
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return rows.length === 0 ? [] : [`## ${title}`, '', line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line), ''];
}

function rateRows(added: readonly ProposedRate[]): string[][] {
  const groups = groupBy(added, ({ model, rate }) => JSON.stringify([model, useText(rate), rate.regions, rate.source, rate.confirmed]));
  return [...groups.values()].map((alike) => {
    const [{ model, rate }] = alike;
    return [`\`${model}\``, useText(rate), alike.map(({ rate: { kind, usd } }) => `${kind} ${usd}`).join(', '), regionsText(rate.regions), sourceText(rate)];
  });
}

function sourceText({ source, confirmed }: PricedRate): string {
  return confirmed === undefined ? source : `${source}, confirmed ${confirmed}`;
}

function useText({ scope, tier, context, commitmentDuration, policy }: PricedRate): string {
  return [scope, tier, context, commitmentDuration, policy].filter((part) => part !== undefined).join(', ');
}

function rateText({ kind, scope, tier, context }: Pick<DisputedRate, 'kind' | 'scope' | 'tier' | 'context'>): string {
  return [kind, scope, tier, context].filter((part) => part !== undefined).join(' ');
}

function changeRow({ model, line, region, to }: ProposedChange): string[] {
  return [`\`${model}\``, rateText(line), region, `${line.usd} (${line.source})`, `${to.usd} (${to.source})`];
}

function regionsText(regions: PricedRate['regions']): string {
  if (regions === 'open') return 'open';
  return regions.length > 3 ? `${regions.length} regions` : regions.join(', ');
}

function countOf({ regions }: PricedRate): number {
  return regions === 'open' ? 1 : regions.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function byReason<T>(all: readonly T[], reasonOf: (one: T) => string, idOf: (one: T) => string): string[][] {
  return [...groupBy(all, reasonOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([reason, of]) => {
    const ids = [...new Set(of.map(idOf))];
    return [reason, String(of.length), `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? `, and ${ids.length - 5} more` : ''}`];
  });
}
