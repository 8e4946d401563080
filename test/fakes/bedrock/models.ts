/** The ARN of a model, given its id or its ARN. */
export function modelArnOf(model: string, region: string): string {
  return model.startsWith('arn:') ? model : `arn:aws:bedrock:${region}::foundation-model/${model}`;
}

/** The ARN of the base model: the ARN of a custom model has the id of the model that was customized. */
export function foundationModelArn(arn: string): string {
  const [, partition, , region, , ...rest] = arn.split(':');
  const [, base] = /^custom-model\/([^/]+)\//.exec(rest.join(':')) ?? [];
  return base === undefined ? arn : `arn:${partition}:bedrock:${region}::foundation-model/${base}`;
}

/** The name of a model in quotas: the id of a base model, the ARN of a custom model. */
export function quotaNameOf(arn: string): string {
  return arn.includes(':foundation-model/') ? arn.slice(arn.indexOf('/') + 1) : arn;
}
