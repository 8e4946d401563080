import type { MathNode } from 'mathjs' with { 'resolution-mode': 'import' };
import { isNone, NONE } from './missing';

// Its types are those of an ES module, and it is one for `require`, too.
const { create, parseDependencies } = require('mathjs') as typeof import('mathjs', { with: { 'resolution-mode': 'import' } });

/** Values by the minute of evaluation; NaN where there is no datapoint. */
export type Series = Float64Array;
type Operand = Series | number;

/** An expression, ready to be applied to the series of its metrics. */
export type MetricMath = (series: ReadonlyMap<string, Series>) => Series;

/**
 * The part of CloudWatch's metric math that an alarm over several metrics needs, on series. As in CloudWatch, a datapoint that an operand
 * misses is missing in the result, comparisons result in 1 and 0, FILL replaces missing datapoints, and MAX, MIN and SUM of a list of series
 * apply across the series.
 *
 * Other expressions are refused, since they would be simulated incorrectly. They include MAX, MIN and SUM of a single series, which depend
 * on the number of datapoints that an alarm fetches.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
const OPERATORS = {
  add: elementwise((a, b) => a + b),
  subtract: elementwise((a, b) => a - b),
  multiply: elementwise((a, b) => a * b),
  divide: elementwise((a, b) => a / b),
  unaryMinus: (a: Operand) => elementwise((x, y) => x - y)(0, a),
  larger: elementwise((a, b) => Number(a > b)),
  largerEq: elementwise((a, b) => Number(a >= b)),
  smaller: elementwise((a, b) => Number(a < b)),
  smallerEq: elementwise((a, b) => Number(a <= b)),
};

const FUNCTIONS = {
  FILL: (series: Operand, filler: Operand) => {
    if (!isSeries(series) || isSeries(filler)) throw new Error('FILL: the simulator knows a series and a number');
    return series.map((value) => (isNone(value) ? filler : value));
  },
  IF: (condition: Operand, then: Operand, otherwise: Operand) =>
    zip([condition, then, otherwise], ([c, t, o]) => (isNone(c) ? NONE : c !== 0 ? t : o)),
  MAX: across('MAX', (values) => Math.max(...values)),
  MIN: across('MIN', (values) => Math.min(...values)),
  SUM: across('SUM', (values) => values.reduce((a, b) => a + b, 0)),
};

const math = create(parseDependencies, { matrix: 'Array' });
math.import({ ...OPERATORS, ...FUNCTIONS }, { override: true });

/** Parses an expression once; `ids` are those of the alarm's metrics. */
export function compileMetricMath(expression: string, ids: readonly string[]): MetricMath {
  const refuse = (what: string): never => {
    throw new Error(`the simulator does not know ${what} in the metric math ${JSON.stringify(expression)}`);
  };
  const root = math.parse(expression);
  root.traverse((node: MathNode & { readonly [field: string]: any }, path: string) => {
    switch (node.type) {
      case 'ParenthesisNode':
      case 'ArrayNode':
        return;
      case 'ConstantNode':
        if (typeof node.value !== 'number') refuse(`the constant ${JSON.stringify(node.value)}`);
        return;
      case 'SymbolNode':
        if (path !== 'fn' && !ids.includes(node.name)) refuse(`the metric ${node.name}`);
        return;
      case 'OperatorNode':
        // `2 m1` is a product to the parser, and an error to CloudWatch.
        if (node.implicit || !(node.fn in OPERATORS)) refuse(`the operator ${node.implicit ? 'that is left out' : node.op}`);
        return;
      case 'FunctionNode':
        if (!(node.fn.name in FUNCTIONS)) refuse(`the function ${node.fn.name}`);
        return;
      default:
        refuse(`a ${node.type}`);
    }
  });
  const code = root.compile();
  return (series) => {
    const result: unknown = code.evaluate(new Map(series));
    return isSeries(result) ? result : refuse('an expression without a series');
  };
}

function isSeries(operand: unknown): operand is Series {
  return operand instanceof Float64Array;
}

function elementwise(of: (a: number, b: number) => number): (a: Operand, b: Operand) => Operand {
  return (a, b) => {
    if (isSeries(a)) return isSeries(b) ? a.map((value, i) => gap(value, b[i], of)) : a.map((value) => gap(value, b, of));
    return isSeries(b) ? b.map((value) => gap(a, value, of)) : of(a, b);
  };
}

/** Compares series. The result of a missing datapoint is missing, and not 0. */
function gap(a: number, b: number, of: (a: number, b: number) => number): number {
  return isNone(a) || isNone(b) ? NONE : of(a, b);
}

function zip(operands: readonly Operand[], of: (values: number[]) => number): Operand {
  const length = operands.find(isSeries)?.length;
  const at = (i: number) => of(operands.map((operand) => (isSeries(operand) ? operand[i] : operand)));
  return length === undefined ? at(0) : Float64Array.from({ length }, (_, i) => at(i));
}

/** Applies a function across a list of series, without missing datapoints. The result is missing if all are missing. */
function across(name: string, of: (values: number[]) => number): (operands: Operand[]) => Operand {
  return (operands) => {
    if (!Array.isArray(operands)) throw new Error(`${name} of a single series is not simulated: AWS advises against it in an alarm`);
    return zip(operands, (values) => {
      const known = values.filter((value) => !isNone(value));
      return known.length === 0 ? NONE : of(known);
    });
  };
}
