import { existsSync } from 'fs';
import { basename, dirname, join } from 'path';
import { InputError } from './io';
import { isFolder } from './paths';
import { readTextFile } from '../files/text-file';
import { jsonValue, YamlTags, yamlValue } from '../input/yaml-value';
import { TemplateSource } from '../unpriced/plain-template';

export const MANIFEST_FILE = 'manifest.json';

/** Tags of YAML templates, the short forms of CloudFormation's functions. */
const TAGS: YamlTags = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform']
    .map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Maximum depth of nested stacks and stages. Only folders that contain themselves are deeper. */
const MAX_DEPTH = 20;

/** Templates that a command reads, and their files. */
export interface ReadTemplates {
  readonly sources: readonly TemplateSource[];
  readonly files: readonly string[];
}

/** Reads templates: those of an assembly's folder with its nested assemblies and nested stacks, or a single file in JSON or YAML. */
export function readTemplates(path: string): ReadTemplates {
  const reader = new Reader();
  if (isFolder(path)) reader.assembly(path, 0);
  else reader.template(path, { stack: basename(path).replace(/(\.template)?\.(json|ya?ml|template)$/i, '') }, 0);
  return reader;
}

class Reader implements ReadTemplates {
  readonly sources: TemplateSource[] = [];
  readonly files: string[] = [];

  /** Reads the stacks and the nested assemblies that a manifest names. */
  public assembly(folder: string, depth: number): void {
    const file = join(folder, MANIFEST_FILE);
    if (!existsSync(file)) {
      throw new InputError(`${file}: there is no such file. Name the output folder of cdk synth (cdk.out), or the file of a CloudFormation template.`);
    }
    const artifacts = record(record(this.value(file, 'the manifest of an assembly')).artifacts);
    if (depth > MAX_DEPTH) throw new InputError(`${file}: assemblies must not be nested more than ${MAX_DEPTH} levels deep. Run cdk synth again.`);
    for (const [id, artifact] of Object.entries(artifacts)) {
      const { type, properties, environment, displayName } = record(artifact);
      const { templateFile, directoryName } = record(properties);
      if (type === 'cdk:cloud-assembly' && typeof directoryName === 'string') this.assembly(join(folder, directoryName), depth + 1);
      if (type !== 'aws:cloudformation:stack' || typeof templateFile !== 'string') continue;
      this.template(join(folder, templateFile), { stack: typeof displayName === 'string' ? displayName : id, region: regionOf(environment) }, depth);
    }
  }

  /** Reads a template with the templates of its nested stacks. */
  public template(file: string, place: Omit<TemplateSource, 'template'>, depth: number): void {
    const template = this.value(file, 'a CloudFormation template');
    const { Resources: resources } = record(template);
    if (!isRecord(resources)) {
      throw new InputError(`${file}: Resources must be the resources of a CloudFormation template, got ${resources === undefined ? 'none' : shortJson(resources)}. Name a template, or the output folder of cdk synth (cdk.out).`);
    }
    const source: TemplateSource = { ...place, template };
    this.sources.push(source);
    if (depth > MAX_DEPTH) return;
    for (const [logicalId, resource] of Object.entries(resources)) {
      const { Type: type, Metadata: metadata } = record(resource);
      const { 'aws:asset:path': asset, 'aws:cdk:path': path } = record(metadata);
      if (type !== 'AWS::CloudFormation::Stack' || typeof asset !== 'string') continue;
      const nested = join(dirname(file), asset);
      // A pruned assembly, such as an artifact of CI, may lack the template.
      if (!existsSync(nested)) continue;
      const stack = typeof path === 'string' ? path.split('.NestedStack', 1)[0] : `${place.stack}/${logicalId}`;
      this.template(nested, { stack, region: place.region, nestedIn: { parent: source, logicalId } }, depth + 1);
    }
  }

  private value(file: string, type: string): unknown {
    const text = readTextFile(file, type);
    this.files.push(file);
    if (text.trim() === '') throw new InputError(`${file}: must be ${type}, got an empty file. Check the path.`);
    const parsed = /^\s*[{[]/.test(text) ? jsonValue(text) : yamlValue(text, [], TAGS);
    if ('problems' in parsed) throw new InputError(...parsed.problems.slice(0, 1).map((problem) => `${file}: ${problem}`));
    if (!isRecord(parsed.value)) throw new InputError(`${file}: must be ${type}, got ${shortJson(parsed.value)}. Check the path.`);
    return parsed.value;
  }
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown): { readonly [name: string]: unknown } {
  return isRecord(value) ? value : {};
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** The region of an environment such as `aws://123456789012/us-east-1`; undefined for `unknown-region`. */
function regionOf(environment: unknown): string | undefined {
  const region = typeof environment === 'string' ? environment.split('/').pop() : undefined;
  return region === undefined || region === '' || region === 'unknown-region' ? undefined : region;
}
