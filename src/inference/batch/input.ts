import { folder, withTokensAs } from './location';
import { Limit } from '../../aws/limits';
import { required, requireArguments, text } from '../../estimates/shape';
import { markAs } from '../../input/brand';
import { InputLocation } from '../../lambda/batch-inference/contract';
import { InputChecks } from '../input-checks';

type Kind = InputLocation['kind'];

/** The factory of each kind, which errors name. */
const FACTORIES = { folder: 'prefix', file: 'file', manifest: 'manifest' } as const satisfies { readonly [kind in Kind]: string };

/**
 * The part of the input bucket that a run of a `BatchInference` processes.
 *
 * A key or a prefix has 1 to 1,024 bytes, no leading slash, no segment `.` or `..`, and no wildcard: `*`, `?` or `${`. It may be a token, or
 * contain tokens.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export class BatchInput {
  /**
   * Selects all objects below a prefix, in the order of their keys: `in` and `in/` are the same prefix.
   *
   * @param prefix such as `in/`; one that ends with a token must have a value that ends with a slash
   */
  public static prefix(prefix: string): BatchInput {
    requireArguments('BatchInput.prefix: ', { prefix }, { prefix: required(text('a prefix such as "in/"')) });
    return new BatchInput('folder', prefix);
  }

  /**
   * Selects one object.
   *
   * @param key such as `in/a.jsonl`
   */
  public static file(key: string): BatchInput {
    requireArguments('BatchInput.file: ', { key }, { key: required(text('the key of an object, such as "in/a.jsonl"')) });
    return new BatchInput('file', key);
  }

  /**
   * Selects the objects that a manifest lists, in its order.
   *
   * @param key the key of a JSON array of keys, or of `s3://` URIs, in the input bucket, such as `in/manifest.json`
   */
  public static manifest(key: string): BatchInput {
    requireArguments('BatchInput.manifest: ', { key }, { key: required(text('the key of an object, such as "in/manifest.json"')) });
    return new BatchInput('manifest', key);
  }

  /** @internal */
  public readonly _kind: Kind;
  /**
   * The key, or the prefix with its slash at the end.
   * @internal
   */
  public readonly _path: string;

  private constructor(kind: Kind, path: string) {
    markAs('BatchInput', this);
    this._kind = kind;
    this._path = kind === 'folder' ? folder(path) : path;
  }
}

const RULES = `of 1 to ${Limit.OBJECT_KEY} bytes without a leading slash, s3://, a segment . or .., or a wildcard (*, ? or \${)`;
const ALLOWED: { readonly [kind in Kind]: string } = {
  folder: `a prefix ${RULES}, such as "in/"`,
  file: `the key of an object ${RULES}, such as "in/a.jsonl"`,
  manifest: `the key of an object ${RULES}, such as "in/manifest.json"`,
};

/** @param prop the prop or the argument that has the input */
export function checkInput(checks: InputChecks, prop: string, input: BatchInput | undefined): void {
  if (input === undefined) return;
  const { _kind: kind, _path: path } = input;
  const isWhole = (key: string) => isPath(key) && (kind === 'folder' || !key.endsWith('/'));
  const fix = path === '' && kind === 'folder' ? `Leave ${prop} out for all of it.` : undefined;
  checks.check(`${prop}.${FACTORIES[kind]}`, withTokensAs('token', path), isWhole, ALLOWED[kind], fix);
}

/** True for a key or prefix without wildcards: in the ARN of an IAM policy, they would match other keys. */
function isPath(path: string): boolean {
  const length = Buffer.byteLength(path);
  return length >= 1 && length <= Limit.OBJECT_KEY && !/^(?:\/|s3:)|(?:^|\/)\.\.?(?:\/|$)|[*?]|\$\{/.test(path);
}
