package main

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-bedrock-cost/cdk-bedrock-cost-go/cdkbedrockcost"
)

// NewGettingStarted shows three ways to pay for Amazon Bedrock, and one budget over all of them. `cdk synth` prints what
// each costs a month.
func NewGettingStarted(scope constructs.Construct, id string, props *awscdk.StackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, props)

	// 1. Capacity by the hour, used or not. A commitment cannot be cancelled, so its whole price has to be confirmed
	//    here: 2 model units x $6.76 x 730 hours x 1 month.
	cdkbedrockcost.NewProvisionedModelThroughput(stack, jsii.String("Capacity"), &cdkbedrockcost.ProvisionedModelThroughputProps{
		Model:                    cdkbedrockcost.BedrockModel_Of(jsii.String("cohere.embed-english-v3:0:512")),
		ModelUnits:               jsii.Number(2),
		CommitmentDuration:       cdkbedrockcost.CommitmentDuration_ONE_MONTH,
		AcknowledgeCommitmentUsd: jsii.Number(9_869.60),
	})

	// 2. A batch every night, at half the price of on-demand requests.
	accessLogs := bucket(stack, "AccessLogs", nil, nil)
	cdkbedrockcost.NewBatchInference(stack, jsii.String("NightlySummaries"), &cdkbedrockcost.BatchInferenceProps{
		Model:        cdkbedrockcost.BedrockModel_Of(jsii.String("us.amazon.nova-pro-v1:0")),
		InputBucket:  bucket(stack, "Input", accessLogs, jsii.String("input/")),
		OutputBucket: bucket(stack, "Output", accessLogs, jsii.String("output/")),
		Schedule:     awsscheduler.ScheduleExpression_Cron(&awsscheduler.CronOptionsWithTimezone{Hour: jsii.String("2"), Minute: jsii.String("0")}),
		Usage: &cdkbedrockcost.BatchUsage{
			JobsPerMonth:          jsii.Number(30),
			RecordsPerJob:         jsii.Number(1_000),
			InputTokensPerRecord:  jsii.Number(10_000),
			OutputTokensPerRecord: jsii.Number(1_000),
		},
	})

	// 3. On-demand requests through a profile of their own, which CloudWatch and the bill show separately.
	chat := cdkbedrockcost.NewApplicationInferenceProfile(stack, jsii.String("Chat"), &cdkbedrockcost.ApplicationInferenceProfileProps{
		Model: cdkbedrockcost.BedrockModel_Of(jsii.String("us.anthropic.claude-sonnet-4-6")),
		Usage: &cdkbedrockcost.OnDemandUsage{
			RequestsPerMonth:          jsii.Number(100_000),
			InputTokensPerRequest:     jsii.Number(2_000),
			OutputTokensPerRequest:    jsii.Number(500),
			CacheReadTokensPerRequest: jsii.Number(1_000),
		},
	})
	// The grant is also what the budget takes back when it is exceeded.
	chat.GrantInvoke(awsiam.NewRole(stack, jsii.String("ChatService"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
	}))
	awscdk.NewCfnOutput(stack, jsii.String("ChatModelId"), &awscdk.CfnOutputProps{Value: chat.InferenceProfileArn()})

	// Above the limit, `cdk synth` and `cdk deploy` stop. Try it: npx cdk synth -c monthlyLimitUsd=10000
	budget := cdkbedrockcost.NewCostBudget(stack, jsii.String("Budget"), &cdkbedrockcost.CostBudgetProps{
		MonthlyLimitUsd: jsii.Number(monthlyLimit(stack)),
		EmailAddresses:  jsii.Strings("finops@example.com"),
	})
	// After the deployment: when the month has cost more, chats and further batches are denied until the next month.
	budget.AddStopAction(cdkbedrockcost.StopAction_DenyInvocations(nil))
	budget.AddDashboard(nil)
	return stack
}

func bucket(scope constructs.Construct, id string, accessLogs awss3.IBucket, prefix *string) awss3.Bucket {
	return awss3.NewBucket(scope, &id, &awss3.BucketProps{
		EnforceSSL:             jsii.Bool(true),
		BlockPublicAccess:      awss3.BlockPublicAccess_BLOCK_ALL(),
		RemovalPolicy:          awscdk.RemovalPolicy_RETAIN,
		ServerAccessLogsBucket: accessLogs,
		ServerAccessLogsPrefix: prefix,
	})
}

func monthlyLimit(scope constructs.Construct) float64 {
	context := scope.Node().TryGetContext(jsii.String("monthlyLimitUsd"))
	if context == nil {
		return 15_000
	}
	limit, err := strconv.ParseFloat(fmt.Sprint(context), 64)
	if err != nil {
		panic(err)
	}
	return limit
}

func main() {
	defer jsii.Close()
	// Prices differ between regions: the budget of a stack without a region cannot be checked.
	app := awscdk.NewApp(nil)
	NewGettingStarted(app, "GettingStarted", &awscdk.StackProps{Env: &awscdk.Environment{Region: jsii.String("us-west-2")}})
	app.Synth(nil)
}
