package com.example;

import io.github.cdkbedrockcost.ApplicationInferenceProfile;
import io.github.cdkbedrockcost.BatchInference;
import io.github.cdkbedrockcost.BatchUsage;
import io.github.cdkbedrockcost.BedrockModel;
import io.github.cdkbedrockcost.CommitmentDuration;
import io.github.cdkbedrockcost.CostBudget;
import io.github.cdkbedrockcost.OnDemandUsage;
import io.github.cdkbedrockcost.ProvisionedModelThroughput;
import io.github.cdkbedrockcost.StopAction;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.scheduler.CronOptionsWithTimezone;
import software.amazon.awscdk.services.scheduler.ScheduleExpression;
import software.constructs.Construct;

/** Three ways to pay for Amazon Bedrock, and one budget over all of them. {@code cdk synth} prints what each costs a month. */
public class GettingStarted extends Stack {
    public GettingStarted(Construct scope, String id, StackProps props) {
        super(scope, id, props);

        // 1. Capacity by the hour, used or not. A commitment cannot be cancelled, so its whole price has to be confirmed
        //    here: 2 model units x $6.76 x 730 hours x 1 month.
        ProvisionedModelThroughput.Builder.create(this, "Capacity")
            .model(BedrockModel.of("cohere.embed-english-v3:0:512"))
            .modelUnits(2)
            .commitmentDuration(CommitmentDuration.ONE_MONTH)
            .acknowledgeCommitmentUsd(9_869.60)
            .build();

        // 2. A batch every night, at half the price of on-demand requests.
        Bucket accessLogs = bucket("AccessLogs", null, null);
        BatchInference.Builder.create(this, "NightlySummaries")
            .model(BedrockModel.of("us.amazon.nova-pro-v1:0"))
            .inputBucket(bucket("Input", accessLogs, "input/"))
            .outputBucket(bucket("Output", accessLogs, "output/"))
            .schedule(ScheduleExpression.cron(CronOptionsWithTimezone.builder().hour("2").minute("0").build()))
            .usage(BatchUsage.builder()
                .jobsPerMonth(30).recordsPerJob(1_000).inputTokensPerRecord(10_000).outputTokensPerRecord(1_000)
                .build())
            .build();

        // 3. On-demand requests through a profile of their own, which CloudWatch and the bill show separately.
        ApplicationInferenceProfile chat = ApplicationInferenceProfile.Builder.create(this, "Chat")
            .model(BedrockModel.of("us.anthropic.claude-sonnet-4-6"))
            .usage(OnDemandUsage.builder()
                .requestsPerMonth(100_000).inputTokensPerRequest(2_000).outputTokensPerRequest(500).cacheReadTokensPerRequest(1_000)
                .build())
            .build();
        // The grant is also what the budget takes back when it is exceeded.
        chat.grantInvoke(Role.Builder.create(this, "ChatService").assumedBy(new ServicePrincipal("lambda.amazonaws.com")).build());
        CfnOutput.Builder.create(this, "ChatModelId").value(chat.getInferenceProfileArn()).build();

        // Above the limit, `cdk synth` and `cdk deploy` stop. Try it: npx cdk synth -c monthlyLimitUsd=10000
        Object limit = this.getNode().tryGetContext("monthlyLimitUsd");
        CostBudget budget = CostBudget.Builder.create(this, "Budget")
            .monthlyLimitUsd(limit == null ? 15_000 : Double.parseDouble(limit.toString()))
            .emailAddresses(List.of("finops@example.com"))
            .build();
        // After the deployment: when the month has cost more, chats and further batches are denied until the next month.
        budget.addStopAction(StopAction.denyInvocations());
        budget.addDashboard();
    }

    private Bucket bucket(String id, IBucket accessLogs, String prefix) {
        return Bucket.Builder.create(this, id)
            .enforceSsl(true)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .removalPolicy(RemovalPolicy.RETAIN)
            .serverAccessLogsBucket(accessLogs)
            .serverAccessLogsPrefix(prefix)
            .build();
    }

    public static void main(String[] args) {
        // Prices differ between regions: the budget of a stack without a region cannot be checked.
        App app = new App();
        new GettingStarted(app, "GettingStarted", StackProps.builder().env(Environment.builder().region("us-west-2").build()).build());
        app.synth();
    }
}
