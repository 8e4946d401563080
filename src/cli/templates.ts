import { existsSync } from 'fs';
import { basename, dirname, join } from 'path';
import { InputError } from './io';
import { isFolder, isSpecial, realPath } from './paths';
import { readTextFile } from '../files/text-file';
import { jsonValue, yamlValue } from '../input/yaml-value';
import { parseTemplate } from '../unpriced/parse-template';
import { TemplateSource } from '../unpriced/plain-template';

export const MANIFEST_FILE = 'manifest.json';

/** Maximum depth of nested stacks and stages. Only folders that contain themselves are deeper. */
const MAX_DEPTH = 20;

/** Maximum number of templates. More of them are nested stacks that multiply. */
const MAX_TEMPLATES = 5_000;

/** Templates that a command reads, and their files. */
export interface ReadTemplates {
  readonly sources: readonly TemplateSource[];
  readonly files: readonly string[];
  /** Templates that the manifest of an assembly names, and that do not exist. */
  readonly missing: readonly string[];
}

/**
 * Reads templates: those of an assembly's folder with its nested assemblies and nested stacks, or a single file in JSON or YAML. A file
 * that is named twice, or that is also a nested stack of another one, is read once.
 */
export function readTemplates(paths: readonly string[]): ReadTemplates {
  const reader = new Reader();
  for (const path of paths) {
    if (isFolder(path)) reader.assembly(path, 0);
    else reader.template(path, { stack: basename(path).replace(/(\.template)?\.(json|ya?ml|template)$/i, '') }, 0);
  }
  return reader;
}

/** True for the file of a template. A pipe, which can be read only once, is none. */
export function isTemplate(path: string): boolean {
  if (isFolder(path) || isSpecial(path) || !existsSync(path)) return false;
  const text = readTextFile(path, 'a report or a CloudFormation template');
  if (!/^\s*\{/.test(text)) return /^Resources\s*:/m.test(text);
  const parsed = jsonValue(text);
  return 'value' in parsed && Object.hasOwn(record(parsed.value), 'Resources');
}

/** Reads templates like `readTemplates`, and refuses an assembly without all of them. */
export function readAllTemplates(paths: readonly string[]): ReadTemplates {
  const found = readTemplates(paths);
  if (found.missing.length > 0) throw new InputError(`${found.missing[0]}: there is no such file. Run cdk synth again, and name its whole output folder.`);
  return found;
}

class Reader implements ReadTemplates {
  readonly files: string[] = [];
  readonly missing: string[] = [];
  /** The real path of the file of each template. */
  private readonly fileOf = new Map<TemplateSource, string>();
  private readonly wholes = new Set<string>();
  private readonly nested = new Set<string>();

  /** The templates, without those that were also read as the template of a nested stack. */
  get sources(): readonly TemplateSource[] {
    return [...this.fileOf].filter(([{ nestedIn }, file]) => nestedIn !== undefined || !this.nested.has(file)).map(([source]) => source);
  }

  /** Reads the stacks and the nested assemblies that a manifest names. */
  public assembly(folder: string, depth: number): void {
    const file = join(folder, MANIFEST_FILE);
    if (!existsSync(file)) {
      throw new InputError(`${file}: there is no such file. Name the output folder of cdk synth (cdk.out), or the file of a CloudFormation template.`);
    }
    const artifacts = record(record(this.value(file, 'the manifest of an assembly')).artifacts);
    if (depth > MAX_DEPTH) throw new InputError(`${file}: assemblies must not be nested more than ${MAX_DEPTH} levels deep. Run cdk synth again.`);
    const assets = this.assetsOf(folder, Object.values(artifacts));
    for (const [id, artifact] of Object.entries(artifacts)) {
      const { type, properties, environment, displayName } = record(artifact);
      const { templateFile, directoryName } = record(properties);
      if (type === 'cdk:cloud-assembly' && typeof directoryName === 'string') this.assembly(join(folder, directoryName), depth + 1);
      if (type !== 'aws:cloudformation:stack' || typeof templateFile !== 'string') continue;
      const stack = typeof displayName === 'string' ? displayName : id;
      const paths = this.pathsOf(folder, record(artifact));
      const path = join(folder, templateFile);
      if (!existsSync(path)) this.missing.push(path);
      else this.template(path, { stack, region: regionOf(environment), paths: pathsIn(stack, paths) }, depth, { assets, paths });
    }
  }

  /** Paths of the files of an assembly's assets by their hash, by which a template names those of its nested stacks. */
  private assetsOf(folder: string, artifacts: readonly unknown[]): Map<string, string> {
    const manifests = artifacts.map(record).filter(({ type }) => type === 'cdk:asset-manifest').flatMap(({ properties }) => {
      const { file } = record(properties);
      return typeof file === 'string' && existsSync(join(folder, file)) ? [record(this.value(join(folder, file), 'a manifest of assets'))] : [];
    });
    return new Map(manifests.flatMap(({ files }) => Object.entries(record(files))).flatMap(([hash, asset]) => {
      const { path } = record(record(asset).source);
      return typeof path === 'string' ? [[hash, path] as const] : [];
    }));
  }

  /** Construct paths and logical ids of a stack and its nested stacks, from the metadata of the manifest or of the file that it names. */
  private pathsOf(folder: string, { metadata, additionalMetadataFile: file }: Fields): LogicalIds {
    const isFile = typeof file === 'string' && existsSync(join(folder, file));
    const tables = [metadata, ...(isFile ? [this.value(join(folder, file), 'metadata of constructs')] : [])];
    return tables.flatMap((table) => Object.entries(record(table))).flatMap(([path, found]) => (Array.isArray(found) ? found : []).map(record)
      .flatMap(({ type, data }) => (type === 'aws:cdk:logicalId' && typeof data === 'string' ? [{ path: path.replace(/^\//, ''), logicalId: data }] : [])));
  }

  /** Reads a template with the templates of its nested stacks. */
  public template(file: string, place: Omit<TemplateSource, 'template'>, depth: number, context: Context = ALONE): void {
    const real = realPath(file);
    const known = place.nestedIn === undefined ? this.wholes : this.nested;
    if (place.nestedIn === undefined && known.has(real)) return;
    known.add(real);
    const template = this.value(file, 'a CloudFormation template');
    // CDK writes an empty template for a stack without resources.
    const { Resources: resources = context === ALONE ? undefined : {} } = record(template);
    if (!isRecord(resources)) {
      throw new InputError(`${file}: Resources must be the resources of a CloudFormation template, got ${resources === undefined ? 'none' : shortJson(resources)}. Name a template, or the output folder of cdk synth (cdk.out).`);
    }
    const source: TemplateSource = { ...place, template, definitions: this.definitionsOf(file, resources, context.assets) };
    this.fileOf.set(source, real);
    if (this.fileOf.size > MAX_TEMPLATES) throw new InputError(`${file}: must not be one of more than ${MAX_TEMPLATES} templates. Check the nested stacks.`);
    if (depth > MAX_DEPTH) return;
    for (const [logicalId, resource] of Object.entries(resources)) {
      const { Type: type, Metadata: metadata, Properties: properties } = record(resource);
      const property = typeof type === 'string' && NESTED.get(type);
      if (!property) continue;
      const { 'aws:asset:path': assetPath, 'aws:cdk:path': path = place.paths?.get(logicalId) } = record(metadata);
      const url = record(properties)[property];
      const nested = besides(file, assetPath ?? assetOf(url, context.assets) ?? url);
      // A pruned assembly, such as an artifact of CI, may lack the template.
      if (nested === undefined || this.isInside(source, realPath(nested))) continue;
      const stack = typeof path === 'string' ? path.split('.NestedStack', 1)[0] : `${place.stack}/${logicalId}`;
      const nestedPlace = { stack, region: place.region, paths: pathsIn(stack, context.paths), nestedIn: { parent: source, logicalId } };
      this.template(nested, nestedPlace, depth + 1, context);
    }
  }

  /** True if a file is the template of a stack or of one above it, which would contain itself. */
  private isInside(source: TemplateSource, file: string): boolean {
    return this.fileOf.get(source) === file || (source.nestedIn !== undefined && this.isInside(source.nestedIn.parent, file));
  }

  /** Definitions of state machines in other files: assets of the CDK, and local files that AWS SAM uploads. Those in YAML become JSON. */
  private definitionsOf(file: string, resources: Fields, assets: ReadonlyMap<string, string>): Map<string, string> {
    return new Map(Object.entries(resources).flatMap(([logicalId, resource]) => {
      const { Type: type, Properties: properties, Metadata: metadata } = record(resource);
      if (typeof type !== 'string' || !STATE_MACHINES.includes(type)) return [];
      const { DefinitionUri: uri, DefinitionS3Location: location } = record(properties);
      const definition = besides(file, record(metadata)['aws:asset:path'] ?? assetOf(location, assets) ?? uri);
      if (definition === undefined) return [];
      const text = readTextFile(definition, 'the definition of a state machine');
      this.files.push(definition);
      const parsed = /\.ya?ml$/i.test(definition) ? yamlValue(text) : undefined;
      return [[logicalId, parsed !== undefined && 'value' in parsed ? JSON.stringify(parsed.value) : text] as const];
    }));
  }

  private value(file: string, type: string): unknown {
    const text = readTextFile(file, type);
    this.files.push(file);
    if (text.trim() === '') throw new InputError(`${file}: must be ${type}, got an empty file. Check the path.`);
    const parsed = parseTemplate(text);
    if ('problems' in parsed) throw new InputError(...parsed.problems.slice(0, 1).map((problem) => `${file}: ${problem}`));
    if (!isRecord(parsed.value)) throw new InputError(`${file}: must be ${type}, got ${shortJson(parsed.value)}. Check the path.`);
    return parsed.value;
  }
}

/** Logical ids of the constructs of a stack and its nested stacks, whose logical ids may be equal. */
type LogicalIds = readonly { readonly path: string; readonly logicalId: string }[];

/** Types with the template of a nested stack, and the property with its address. */
const NESTED: ReadonlyMap<string, string> = new Map([['AWS::CloudFormation::Stack', 'TemplateURL'], ['AWS::Serverless::Application', 'Location']]);
const STATE_MACHINES = ['AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine'];

/** The local file that a template names by a path relative to its own; undefined for an address, and for a file that does not exist. */
function besides(file: string, path: unknown): string | undefined {
  if (typeof path !== 'string' || /^[a-z]+:\/\//i.test(path)) return undefined;
  const named = join(dirname(file), path);
  return existsSync(named) && !isFolder(named) ? named : undefined;
}

/** Context of a template in its assembly. */
interface Context {
  readonly assets: ReadonlyMap<string, string>;
  readonly paths: LogicalIds;
}

/** Context of a template that is not in an assembly. */
const ALONE: Context = { assets: new Map(), paths: [] };

/** The construct paths in a stack by logical id. Those of the stack itself are before those of its nested stacks. */
function pathsIn(stack: string, paths: LogicalIds): ReadonlyMap<string, string> {
  return new Map(paths.filter(({ path }) => path.startsWith(`${stack}/`)).reverse().map(({ path, logicalId }) => [logicalId, path]));
}

/** The file of the asset whose hash is in a URL. */
function assetOf(url: unknown, assets: ReadonlyMap<string, string>): string | undefined {
  const hashes = JSON.stringify(url)?.match(/[0-9a-f]{64}/g) ?? [];
  return hashes.flatMap((hash) => assets.get(hash) ?? [])[0];
}

type Fields = { readonly [name: string]: unknown };

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown): Fields {
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
