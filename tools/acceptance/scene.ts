import { Aws } from './aws';
import { Clock, Patience } from './clock';
import { Deployment } from './deployment';
import { Form, RequestGroup, TokenCounts } from './observations';
import { Options } from './options';
import { Prices, Spending } from './spending';

/** The outputs of the app's stack (app/app.js). */
export type OutputName = 'ProfileArn' | 'ProfileId' | 'SystemProfileArn' | 'ModelArn' | 'InputBucket' | 'OutputBucket' | 'StateMachineArn' | 'TopicArn'
  | 'InboxUrl' | 'DirectJobRoleArn' | `${RoleName}RoleArn`;
export type RoleName = 'Caller' | 'NoProject' | 'OnlyApplicationProfile' | 'OnlySystemProfile' | 'Powerless';
export type Outputs = { readonly [name in OutputName]: string };

/** Every request that was answered, by the form that it named the model in. */
export class SentRequests {
  private readonly byForm = new Map<Form, RequestGroup>();

  public add(form: Form, tokens: TokenCounts): void {
    const { requests, tokens: before } = this.byForm.get(form) ?? { requests: 0, tokens: NO_TOKENS };
    this.byForm.set(form, { form, requests: requests + 1, tokens: plus(before, tokens) });
  }

  public get groups(): RequestGroup[] {
    return [...this.byForm.values()];
  }
}

export const NO_TOKENS: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

export function plus(a: TokenCounts, b: TokenCounts): TokenCounts {
  return { input: a.input + b.input, output: a.output + b.output, cacheRead: a.cacheRead + b.cacheRead, cacheWrite: a.cacheWrite + b.cacheWrite };
}

/** The objects that all steps use. */
export interface Scene {
  readonly aws: Aws;
  readonly account: string;
  readonly options: Options;
  readonly outputs: Outputs;
  readonly deployment: Deployment;
  readonly prices: Prices;
  readonly spending: Spending;
  readonly sent: SentRequests;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly say: (text: string) => void;
}

/** The model without its geography: `amazon.nova-lite-v1:0`. */
export function modelIdOf({ outputs: { ModelArn } }: Scene): string {
  return ModelArn.split('/')[1];
}

/** The text by which a call names the model, for each form. It is also the value of `ModelId` if CloudWatch keeps the form of the call. */
export function formsOf(scene: Scene): { readonly [form in Form]: string } {
  const { outputs: { ProfileArn, ProfileId, SystemProfileArn, ModelArn }, options: { model } } = scene;
  return {
    'profile id': ProfileId,
    'profile ARN': ProfileArn,
    'system profile id': model,
    'system profile ARN': SystemProfileArn,
    'model id': modelIdOf(scene),
    'model ARN': ModelArn,
  };
}
