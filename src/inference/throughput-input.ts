import { RemovalPolicy } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BedrockModel } from './bedrock-model';
import { InputChecks } from './input-checks';
import { ProvisionedModelThroughputProps, ThroughputRemoval } from './provisioned-model-throughput-props';
import { businessHoursOf } from './throughput-schedule';
import { refuseInput } from '../estimates/findings';
import { businessHoursProblems } from '../handlers/provisioned-model-throughput/check-business-hours';
import { parseModelId } from '../pricing/model-id';
import { CommitmentDuration } from '../pricing/rate';

const RETAINING: readonly (RemovalPolicy | undefined)[] = [RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE];

/** Refuses what is not allowed, and says whether there was nothing. */
export function isThroughputAllowed(construct: IConstruct, props: ProvisionedModelThroughputProps): boolean {
  const hours = props.schedule ? businessHoursProblems(businessHoursOf(props.schedule)) : [];
  hours.forEach((problem) => refuseInput(construct, problem));
  return checks(props).passed(construct) && hours.length === 0;
}

function checks(props: ProvisionedModelThroughputProps): InputChecks {
  const { model, modelUnits, commitmentDuration, acknowledgeCommitmentUsd, provisionedModelName, hourlyPricePerModelUnitUsd, schedule } = props;
  const noticeDays = props.renewalNotice?.isUnresolved() ? undefined : props.renewalNotice?.toDays({ integral: false });
  return new InputChecks()
    .check('model', model._shown, () => isPurchasable(model),
      'a bare model id such as "amazon.nova-pro-v1:0:24k", or a custom model: provisioned throughput is bought for the model itself, not through an inference profile')
    .check('modelUnits', modelUnits, (units) => Number.isInteger(units) && units >= 1, 'a whole number of 1 or more')
    .check('commitmentDuration', commitmentDuration, (duration) => Object.values(CommitmentDuration).includes(duration), `one of ${Object.values(CommitmentDuration).join(', ')}`)
    .check('acknowledgeCommitmentUsd', acknowledgeCommitmentUsd, (usd) => Number.isFinite(usd) && usd >= 0, 'the sum of the whole term in US dollars, a number of 0 or more')
    .check('provisionedModelName', provisionedModelName, (name) => /^([0-9a-zA-Z][_-]?)+$/.test(name) && name.length <= 63,
      '1 to 63 letters and digits, with single hyphens or underscores between them')
    .check('hourlyPricePerModelUnitUsd', hourlyPricePerModelUnitUsd, (usd) => Number.isFinite(usd) && usd > 0, 'the price of one model unit for one hour in US dollars, a number above 0')
    .check('onRemoval', props.onRemoval, (removal) => Object.values(ThroughputRemoval).includes(removal), `one of ${Object.values(ThroughputRemoval).join(', ')}`)
    .check('removalPolicy', props.removalPolicy, (policy) => props.onRemoval !== ThroughputRemoval.RELEASE_AT_EXPIRY || !RETAINING.includes(policy),
      'RemovalPolicy.DESTROY, or none, with onRemoval: RELEASE_AT_EXPIRY: what CloudFormation retains, nobody is told to release')
    .check('renewalNotice', noticeDays, (days) => Number.isInteger(days) && days >= 1, 'whole days, 1 or more')
    .check('schedule', schedule && commitmentDuration, (duration) => duration === CommitmentDuration.NONE, 'no schedule with a commitment: it is billed by day and by night')
    .check('schedule.outsideHours', schedule?.outsideHours._shown, () => schedule!.outsideHours._origin !== 'provisioned-throughput', 'a model on demand or an inference profile');
}

function isPurchasable(model: BedrockModel): boolean {
  if (model.customModel) return !model._isArnOf('custom-model-deployment', 'imported-model');
  return model._origin === 'model' && parseModelId(model.pricingModelId).prefix === undefined;
}
