import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { addFinding, refuseInput } from './findings';
import { inLanguage } from './spelling';
import { isObject } from '../input/argument';
import { Brand, isMarkedAs } from '../input/brand';
import { PricingError } from '../input/error';
import { didYouMeanOneOf, nearestNames } from '../input/nearest';
import { MESSAGES } from '../messages';

/** The shape of a prop, for callers without a compiler. No shape uses `instanceof`, since an app may load two copies of a library. */
export interface Shape {
  /** The description of allowed values. */
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
  readonly presence?: Presence;
  /** The text for a missing prop, where an example helps. */
  readonly allowedIfMissing?: string;
  /** The remedy for a value of another shape. */
  readonly fixOf?: (value: unknown) => string | undefined;
  readonly isStruct?: boolean;
  /** The shapes of the fields of a struct. */
  readonly fields?: Shapes;
  /** True if the reader of the struct refuses unknown names itself. Then they draw no warning. */
  readonly isClosed?: boolean;
  /** The shape of the items of a list. */
  readonly items?: Shape;
}

/** `essential`: without it the constructor cannot make its resources, and throws. */
type Presence = 'optional' | 'required' | 'essential';

export interface Shapes {
  readonly [prop: string]: Shape;
}

/** A shape for each prop: the compiler reports a prop that has none. */
export type ShapesOf<P> = { readonly [prop in keyof Required<P>]: Shape };

/** A text that is known only at deployment, or a Lazy one. Numbers that are tokens are numbers; no construct takes a token as a struct. */
const isTextToken = (value: unknown): boolean => typeof value === 'string' && Token.isUnresolved(value);

export const number = (allowed = 'a number'): Shape => ({ allowed, accepts: (value) => typeof value === 'number' && !Number.isNaN(value) });

export const text = (allowed = 'a string'): Shape => ({ allowed, accepts: (value) => typeof value === 'string' });

export const boolean = (): Shape => ({ allowed: 'true or false', accepts: (value) => typeof value === 'boolean' });

/** A member of an enum. */
export const choice = (members: object): Shape => {
  const values: readonly unknown[] = Object.values(members);
  return { allowed: `one of ${values.join(', ')}`, accepts: (value) => values.includes(value) || isTextToken(value) };
};

export const duration = (allowed: string): Shape => having('toMilliseconds', 'function', allowed);

export const size = (allowed: string): Shape => having('toBytes', 'function', allowed);

export const list = (items: Shape, allowed: string): Shape => ({ allowed, accepts: Array.isArray, items });

/** An object of a class that has a member of the given type, such as a bucket, which has a `bucketName`. */
export const having = (member: string, type: 'string' | 'object' | 'function', allowed: string, fix?: string): Shape => ({
  allowed,
  fixOf: () => fix,
  accepts: (value) => isObject(value) && value[member] !== null && typeof value[member] === type,
});

export const topic = (): Shape => having('topicArn', 'string', 'a Topic, or one from Topic.fromTopicArn');

export const construct = (allowed: string): Shape => having('node', 'object', allowed);

/** An instance of a class of this library, of any copy. */
export const marked = (brand: Brand, allowed: string): Shape => ({ allowed, accepts: (value) => isMarkedAs(brand, value) });

/** A `BedrockModel`. */
export const model = (id: string): Shape => ({
  ...marked('BedrockModel', 'a BedrockModel'),
  allowedIfMissing: `a BedrockModel, such as BedrockModel.of(${JSON.stringify(id)})`,
  fixOf: (value) => `Use BedrockModel.of(${JSON.stringify(typeof value === 'string' && value !== '' ? value : id)}).`,
});

/** A name or an id, which must not be empty. */
export const label = (allowed: string): Shape => ({ allowed, accepts: (value) => typeof value === 'string' && value.trim() !== '' });

export const arn = (of: string): Shape => ({ allowed: `the ARN of ${of}`, accepts: (value) => typeof value === 'string' && (value.startsWith('arn:') || isTextToken(value)) });

export const grantee = (): Shape => having('grantPrincipal', 'object', 'an IGrantable, such as a role or a function');

/** A struct. One without `fields` is checked by its reader, field by field. */
export const struct = (allowed: string, fields?: Shapes): Shape => ({
  allowed, accepts: (value) => isObject(value) && !Token.isUnresolved(value), isStruct: true, fields,
});

/** A struct whose reader refuses names that it does not know. */
export const closedStruct = (allowed: string, fields: Shapes): Shape => ({ ...struct(allowed, fields), isClosed: true });

export const required = (shape: Shape): Shape => ({ ...shape, presence: 'required' });

export const essential = (shape: Shape): Shape => ({ ...shape, presence: 'essential' });

/** The arguments of a factory that makes a construct. */
export const IN_SCOPE: Shapes = { scope: required(construct('a construct, such as a stack')), id: required(label('an id that is unique in the scope')) };

/** The problems of props, and the names of props that are misspelt. */
export interface ShapeReview {
  readonly problems: readonly ShapeProblem[];
  readonly misspelt: readonly Misspelling[];
}

/** A field that does not exist, and the name that it is close to. */
interface Misspelling {
  readonly field: string;
  readonly name: string;
}

interface ShapeProblem {
  /** The prop of the construct, for a field of a struct the prop that holds the struct. */
  readonly prop: string;
  readonly error: PricingError;
  readonly isEssential: boolean;
}

/** Compares props with their shapes. Values are not judged: a number may still be out of range. */
export function reviewShapes(props: unknown, shapes: Shapes): ShapeReview {
  const given: { readonly [prop: string]: unknown } = isObject(props) ? props : {};
  const misspelt = misspeltNames(given, shapes);
  const isMissing = (name: string) => given[name] === undefined;
  const reviews = Object.entries(shapes).map(([name, shape]) => ({ name, shape, inner: reviewValue(name, given[name], shape, misspelt.get(name)) }));
  return {
    problems: reviews.flatMap(({ name, shape, inner }) => inner.problems.map((error) => ({ prop: name, error, isEssential: shape.presence === 'essential' }))),
    misspelt: [
      // A required prop that is missing names the misspelt one itself.
      ...[...misspelt].filter(([name]) => !(isMissing(name) && isRequired(shapes[name]))).map(([name, wrong]) => ({ field: wrong, name })),
      ...reviews.flatMap(({ inner }) => inner.misspelt),
    ],
  };
}

interface ValueReview {
  readonly problems: readonly PricingError[];
  readonly misspelt: readonly Misspelling[];
}

function reviewValue(place: string, value: unknown, shape: Shape, misspelt?: string): ValueReview {
  if (value === undefined) return { problems: isRequired(shape) ? [missing(place, shape, misspelt)] : [], misspelt: [] };
  if (!shape.accepts(value)) return { problems: [new PricingError(place, value, shape.allowed, shape.fixOf?.(value))], misspelt: [] };
  if (shape.items && Array.isArray(value)) {
    const required_ = required(shape.items);
    const reviews = [...value].map((item: unknown, i) => reviewValue(`${place}[${i}]`, item, required_));
    return { problems: reviews.flatMap(({ problems }) => problems), misspelt: reviews.flatMap((review) => review.misspelt) };
  }
  if (shape.fields === undefined) return { problems: [], misspelt: [] };
  const { problems, misspelt: names } = reviewShapes(value, shape.fields);
  return { problems: problems.map(({ error }) => error.in(`${place}.`)), misspelt: shape.isClosed ? [] : names.map(({ field, name }) => ({ field: `${place}.${field}`, name })) };
}

function missing(place: string, { allowed, allowedIfMissing = allowed }: Shape, misspelt: string | undefined): PricingError {
  return new PricingError(place, undefined, allowedIfMissing, misspelt && `${misspelt} is not a known field: rename it.`);
}

/**
 * The unknown names that are close to a known one, by the known one. Others are left alone, since props may be passed on; so
 * are those closest to a prop that is given.
 */
export function misspeltNames(given: { readonly [prop: string]: unknown }, shapes: { readonly [prop: string]: unknown }): Map<string, string> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(shapes, name) && given[name] !== undefined);
  const comparable = unknown.filter(({ length }) => length >= SHORTEST_NAME && length <= LONGEST_NAME);
  const pairs = comparable.flatMap((name): [string, string][] => nearestNames(name, Object.keys(shapes), 1).map((nearest) => [nearest, name]));
  return new Map(pairs.filter(([nearest]) => given[nearest] === undefined));
}

/** The lengths between which names are compared: a letter or two are contained in many names. */
const SHORTEST_NAME = 3;
const LONGEST_NAME = 100;

/** Props whose shapes are right, and whether no other was given. */
export interface AcceptedProps<P> {
  /** Without the props that were refused; a required struct that was refused is empty. */
  readonly accepted: P;
  readonly isAccepted: boolean;
}

/**
 * Refuses props of other shapes at synth, and warns of misspelt ones.
 *
 * @throws PricingError with the path of the construct if a prop is missing or wrong without which the construct has no resources
 */
export function acceptProps<P extends object>(scope: IConstruct, props: P, shapes: ShapesOf<P>): AcceptedProps<P> {
  const { problems, misspelt } = reviewShapes(props, shapes);
  const essentialProblem = problems.find(({ isEssential }) => isEssential);
  if (essentialProblem) throw inLanguage(essentialProblem.error).in(`${scope.node.path}: `);
  problems.forEach(({ error }) => refuseInput(scope, error));
  misspelt.forEach(({ field, name }) => addFinding(scope, MESSAGES.unknownProp, `the prop ${field} is not a known field`, undefined, didYouMeanOneOf([name])));
  return { accepted: acceptedOf(props, problems, shapes) as P, isAccepted: problems.length === 0 };
}

/**
 * Refuses the arguments of a method that returns something, or of a factory, for callers without a compiler. The fields of a
 * struct are named without the parameter, which other languages spread: `BedrockModel.fromInvokableAttributes: invokableArn is required.`
 *
 * @param place what the sentence begins with, such as `BedrockModel.of: ` or `Stack/Chat: grantInvoke.`
 * @throws PricingError with the first problem
 */
export function requireArguments(place: string, given: object, shapes: Shapes): void {
  const [problem] = argumentProblems(given, shapes);
  if (problem) throw inLanguage(problem, Object.hasOwn(given, problem.field) ? 'parameter' : 'field').in(place);
}

/**
 * Refuses the arguments of a method of a construct at synth: `dashboard.dashboardName must be a string, got 5.`
 *
 * @returns whether there was no problem
 */
export function acceptArguments(scope: IConstruct, method: string, given: object, shapes: Shapes): boolean {
  const problems = argumentProblems(given, shapes);
  problems.forEach((problem) => refuseInput(scope, problem.in(`${method}.`)));
  return problems.length === 0;
}

export function requireGrantee(scope: IConstruct, method: string, given: unknown): void {
  requireArguments(`${scope.node.path}: ${method}.`, { grantee: given }, { grantee: required(grantee()) });
}

function argumentProblems(given: object, shapes: Shapes): PricingError[] {
  return Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
    const shape = shapes[name];
    const isStruct = shape.fields && shape.accepts(value);
    const { problems, misspelt } = isStruct ? reviewShapes(value, shape.fields!) : reviewShapes({ [name]: value }, { [name]: shape });
    return [
      ...problems.map(({ error }) => error),
      ...misspelt.map((wrong) => PricingError.about(wrong.field, 'is not a known field', didYouMeanOneOf([wrong.name]))),
    ];
  });
}

function acceptedOf(props: unknown, problems: readonly ShapeProblem[], shapes: Shapes): object {
  const given = isObject(props) ? props : {};
  const refused = new Set(problems.map(({ prop }) => prop));
  return Object.fromEntries(Object.entries(shapes).flatMap(([name, shape]): [string, unknown][] => {
    if (refused.has(name)) return isRequired(shape) && shape.accepts({}) ? [[name, {}]] : [];
    return given[name] === undefined ? [] : [[name, shape.isStruct ? withoutUndefined(structSnapshot(given[name])) : snapshot(given[name])]];
  }));
}

/**
 * A value with its lists and plain objects copied: props are read at synthesis again, when the app may have changed its objects, such as
 * one struct that it fills for each construct. Other objects, such as constructs and tokens, are the same.
 */
export function snapshot<T>(value: T): T {
  if (Array.isArray(value)) return value.map(snapshot) as T;
  const isPlain = isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
  if (!isPlain || Token.isUnresolved(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, snapshot(inner)])) as T;
}

/**
 * The same for a struct, which may be an object of a class of the app, with getters or inherited fields: a plain object with all that can
 * be read from it.
 */
export function structSnapshot<T>(struct_: T): T {
  if (!isObject(struct_) || Token.isUnresolved(struct_)) return struct_;
  const fields = fieldNames(struct_).map((field) => [field, struct_[field]] as const).filter(([, value]) => typeof value !== 'function');
  return snapshot(Object.fromEntries(fields)) as T;
}

function fieldNames(object: object): string[] {
  const names = new Set(Object.keys(object));
  for (let type: unknown = Object.getPrototypeOf(object); isObject(type) && type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    Object.getOwnPropertyNames(type).forEach((name) => names.add(name));
  }
  return [...names];
}

/** Without undefined fields, which would replace others where one struct states how it differs from another one. */
function withoutUndefined(struct_: unknown): unknown {
  const hasUndefined = isObject(struct_) && !Token.isUnresolved(struct_) && Object.values(struct_).includes(undefined);
  return hasUndefined ? Object.fromEntries(Object.entries(struct_).filter(([, value]) => value !== undefined)) : struct_;
}

function isRequired({ presence = 'optional' }: Shape): boolean {
  return presence !== 'optional';
}
