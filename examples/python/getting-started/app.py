from typing import Optional

from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack, aws_iam as iam, aws_s3 as s3, aws_scheduler as scheduler
from cdk_bedrock_cost import (
    ApplicationInferenceProfile, BatchInference, BatchUsage, BedrockModel, CommitmentDuration, CostBudget, OnDemandUsage,
    ProvisionedModelThroughput, StopAction,
)
from constructs import Construct


class GettingStarted(Stack):
    """Three ways to pay for Amazon Bedrock, and one budget over all of them. `cdk synth` prints what each costs a month."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        # 1. Capacity by the hour, used or not. A commitment cannot be cancelled, so its whole price has to be confirmed
        #    here: 2 model units x $6.76 x 730 hours x 1 month.
        ProvisionedModelThroughput(
            self, "Capacity",
            model=BedrockModel.of("cohere.embed-english-v3:0:512"),
            model_units=2,
            commitment_duration=CommitmentDuration.ONE_MONTH,
            acknowledge_commitment_usd=9_869.60,
        )

        # 2. A batch every night, at half the price of on-demand requests.
        access_logs = self._bucket("AccessLogs")
        BatchInference(
            self, "NightlySummaries",
            model=BedrockModel.of("us.amazon.nova-pro-v1:0"),
            input_bucket=self._bucket("Input", access_logs, "input/"),
            output_bucket=self._bucket("Output", access_logs, "output/"),
            schedule=scheduler.ScheduleExpression.cron(hour="2", minute="0"),
            usage=BatchUsage(jobs_per_month=30, records_per_job=1_000, input_tokens_per_record=10_000, output_tokens_per_record=1_000),
        )

        # 3. On-demand requests through a profile of their own, which CloudWatch and the bill show separately.
        chat = ApplicationInferenceProfile(
            self, "Chat",
            model=BedrockModel.of("us.anthropic.claude-sonnet-4-6"),
            usage=OnDemandUsage(
                requests_per_month=100_000, input_tokens_per_request=2_000, output_tokens_per_request=500,
                cache_read_tokens_per_request=1_000,
            ),
        )
        # The grant is also what the budget takes back when it is exceeded.
        chat.grant_invoke(iam.Role(self, "ChatService", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
        CfnOutput(self, "ChatModelId", value=chat.inference_profile_arn)

        # Above the limit, `cdk synth` and `cdk deploy` stop. Try it: npx cdk synth -c monthlyLimitUsd=10000
        budget = CostBudget(
            self, "Budget",
            monthly_limit_usd=float(self.node.try_get_context("monthlyLimitUsd") or 15_000),
            email_addresses=["finops@example.com"],
        )
        # After the deployment: when the month has cost more, chats and further batches are denied until the next month.
        budget.add_stop_action(StopAction.deny_invocations())
        budget.add_dashboard()

    def _bucket(self, id: str, access_logs: Optional[s3.IBucket] = None, prefix: Optional[str] = None) -> s3.Bucket:
        return s3.Bucket(
            self, id,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.RETAIN,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=prefix,
        )


# Prices differ between regions: the budget of a stack without a region cannot be checked.
app = App()
GettingStarted(app, "GettingStarted", env=Environment(region="us-west-2"))
app.synth()
