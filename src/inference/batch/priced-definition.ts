import { CfnStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { PricedProperty } from '../../estimates/priced-template';

/**
 * The parts of a state machine's definition that the price of batch jobs depends on: which calls of Amazon Bedrock it makes,
 * and for which models. An override that changes anything else, such as a comment or a retry, costs the same.
 */
export function pricedDefinition(stateMachine: StateMachine): PricedProperty[] {
  const resource = stateMachine.node.defaultChild as CfnStateMachine;
  const value = resource.definitionString;
  return [
    { resource, property: 'DefinitionString', value, current: () => resource.definitionString, priced: bedrockCalls },
    // Both would take the place of the text.
    { resource, property: 'Definition', current: () => resource.definition },
    { resource, property: 'DefinitionS3Location', current: () => resource.definitionS3Location },
  ];
}

const CALLS = /states:::(?:aws-sdk:)?bedrock(?:runtime)?:[A-Za-z.]+|\\*"[mM]odelId\\*":\\*"[^"\\]*/g;

/** In the order of the definition; a text that CloudFormation puts together comes as the JSON of its parts. */
function bedrockCalls(definition: unknown): unknown {
  return (JSON.stringify(definition) ?? '').match(CALLS)?.map((call) => call.replace(/\\/g, '')) ?? [];
}
