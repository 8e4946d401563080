import { PricedRate, PriceFacts } from './facts';
import { memberName } from './members';
import { namesOf } from './names';

/** The messages of all contradictions between the facts. Empty if the facts are consistent. */
export function validate(facts: PriceFacts): string[] {
  return [
    ...repeated('sources.yaml: key', facts.sources.map(({ key }) => key)),
    ...repeated('aws-services.yaml: key', facts.services.map(({ key }) => key)),
    ...repeated('model id or alias', facts.models.flatMap(({ id, aliases }) => [id, ...aliases.map((alias) => alias.id)])),
    ...repeated('member name of class BedrockModel', facts.models.map(({ id }) => memberName(id))),
    // A name of two models would give the prices of one to the other. An unmapped name must not be the name of a model.
    ...repeated('name', [...facts.models.flatMap(namesOf), ...facts.unmapped.map(({ name }) => name)]),
    ...ratesByPlace(facts).flatMap(({ place, rates }) => repeated(`${place}: rate`, rates.flatMap(rateKeys))),
    ...unknownSources(facts),
    ...facts.disputed
      .filter(({ inBook, b, rates }) => inBook === 'b' && (b === undefined || rates.some((rate) => rate.b === undefined)))
      .map(({ model }) => `disputed.yaml: ${model}: inBook is b, but there is no b`),
  ];
}

function repeated(what: string, values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size).map((value) => `${what} ${value} stands twice`);
}

/**
 * The keys of a rate, one for each region: two rates with the same key are prices of the same usage. A rate of an open region may
 * exist next to a rate that names the region, which has priority.
 */
export function rateKeys(rate: PricedRate): string[] {
  const { kind, scope, tier, context, commitmentDuration, customModel, resolution, quality, termMonths, policy } = rate;
  const { customModelUnitVersion, architecture } = rate;
  const rest = [
    kind, scope, tier, context, commitmentDuration, customModel === undefined ? undefined : customModel ? 'custom' : 'base',
    resolution, quality, termMonths === undefined ? undefined : `${termMonths}-months`, policy, customModelUnitVersion, architecture,
  ];
  return (rate.regions === 'open' ? ['open'] : rate.regions).map((region) => [region, ...rest].filter((part) => part !== undefined).join(' '));
}

/** Every list of rates, with its name for messages. */
function ratesByPlace({ models, features, unmapped }: PriceFacts): { readonly place: string; readonly rates: readonly PricedRate[] }[] {
  return [...models, { place: 'prices/features.yaml', rates: features }, ...unmapped.map(({ name, rates }) => ({ place: name, rates }))];
}

function unknownSources(facts: PriceFacts): string[] {
  const { models, included, services, sources, disputed } = facts;
  const known = new Set(sources.map(({ key }) => key));
  const used = [
    ...ratesByPlace(facts).flatMap(({ place, rates }) => rates.map(({ source }) => ({ place, source }))),
    ...models.flatMap(({ place, lifecycle }) => lifecycle.map(({ source }) => ({ place, source }))),
    ...included.map(({ name, source }) => ({ place: `prices/features.yaml: ${name}`, source })),
    ...services.map(({ key, source }) => ({ place: `aws-services.yaml: ${key}`, source })),
    ...disputed.flatMap(({ model, a, b }) => [a, b ?? a].map((source) => ({ place: `disputed.yaml: ${model}`, source }))),
  ];
  const unknown = used.filter(({ source }) => !known.has(source));
  return [...new Set(unknown.map(({ place, source }) => `${place}: source ${source} is no key of sources.yaml`))];
}
